import type { MessageFacts } from '../model/message.ts';
import type { Language } from '../model/vocabulary.ts';
import type { Speaker } from './speak.ts';

/** A place of the service's own page, where http.publicUrl says under which address people reach it. */
export interface PageLink {
  readonly label: string;
  readonly url: string;
}

const OPEN_TASK: Readonly<Record<Language, string>> = {
  en: 'Open this task in repairwatch',
  'zh-CN': '在 repairwatch 中查看',
};
const OPEN_HEALTH: Readonly<Record<Language, string>> = { en: 'Open the health page', 'zh-CN': '查看运行状况' };

/** The address of a task's page; null where there is no page. */
export function taskPageLink(account: string, taskId: string, speaker: Speaker): PageLink | null {
  return linkTo(taskPagePath(account, taskId), OPEN_TASK[speaker.language], speaker);
}

/** The path of a task's page, without a slash before it; half a character is one that does not exist. */
export function taskPagePath(account: string, taskId: string): string {
  return `tasks/${encodeURIComponent(account.toWellFormed())}/${encodeURIComponent(taskId.toWellFormed())}`;
}

/** Where a message leads to: one task to its page, what the operator must know to the health page, everything else to the list. */
export function pageLink(facts: MessageFacts, speaker: Speaker): PageLink | null {
  if (facts.kind === 'task') return taskPageLink(facts.entry.account, facts.entry.task.taskId, speaker);
  if (facts.kind === 'operator') return linkTo('health', OPEN_HEALTH[speaker.language], speaker);
  return linkTo('', speaker.words.frame.openPage, speaker);
}

function linkTo(path: string, label: string, { publicUrl }: Speaker): PageLink | null {
  if (publicUrl === null) return null;
  if (path === '') return { label, url: publicUrl };
  return { label, url: new URL(path, publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`).href };
}
