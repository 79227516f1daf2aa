import type { Language } from '../model/vocabulary.ts';

/** What the frame of every page says; each page has its own words beside it. */
export interface WebWords {
  /** The language's name in itself. */
  readonly ownName: string;
  readonly skip: string;
  readonly navigation: string;
  readonly places: Readonly<Record<'waiting' | 'timeline' | 'health', string>>;
  readonly signOut: string;
}

export const WEB_WORDS: Readonly<Record<Language, WebWords>> = {
  en: {
    ownName: 'English',
    skip: 'Skip to the content',
    navigation: 'Places',
    places: { waiting: 'Waiting', timeline: 'Timeline', health: 'Health' },
    signOut: 'Sign out',
  },
  'zh-CN': {
    ownName: '中文',
    skip: '跳到正文',
    navigation: '导航',
    places: { waiting: '待授权', timeline: '时间线', health: '运行状况' },
    signOut: '退出登录',
  },
};
