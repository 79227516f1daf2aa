import { createSpeaker, type Speaker } from '../../src/messages/speak.ts';

const links = { consoleUrl: 'https://console.cloud.tencent.com/cvm/repair/list', publicUrl: null };

/** English and Chinese, both in Beijing's zone. */
export const english: Speaker = createSpeaker({ language: 'en', timezone: 'Asia/Shanghai', ...links });
export const chinese: Speaker = createSpeaker({ language: 'zh-CN', timezone: 'Asia/Shanghai', ...links });
export const speakers: readonly (readonly [string, Speaker])[] = [
  ['en', english],
  ['zh-CN', chinese],
];
