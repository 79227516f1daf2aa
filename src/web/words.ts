import type { Language } from '../model/vocabulary.ts';

/** What the frame of every page says; each page has its own words beside it. */
export interface WebWords {
  /** The language's name in itself. */
  readonly ownName: string;
  readonly skip: string;
  readonly navigation: string;
  readonly places: Readonly<Record<'waiting' | 'timeline' | 'health', string>>;
  readonly signOut: string;
  /** Said by a page that has lost its server, around how long ago it last heard of it. */
  readonly stale: Readonly<Record<'before' | 'after' | 'again', string>>;
}

export const WEB_WORDS: Readonly<Record<Language, WebWords>> = {
  en: {
    ownName: 'English',
    skip: 'Skip to the content',
    navigation: 'Places',
    places: { waiting: 'Waiting', timeline: 'Timeline', health: 'Health' },
    signOut: 'Sign out',
    stale: {
      before: 'Not up to date: repairwatch was last heard ',
      after: '. ',
      again: 'Load it again',
    },
  },
  'zh-CN': {
    ownName: '中文',
    skip: '跳到正文',
    navigation: '导航',
    places: { waiting: '待授权', timeline: '时间线', health: '运行状况' },
    signOut: '退出登录',
    stale: { before: '页面可能已过期：上次收到 repairwatch 的响应是在', after: '。', again: '重新加载' },
  },
};
