import { cleanLine, cutByCost } from '../../lib/clean-text.ts';

/** Slack's three control characters; escaped, no text can open a mention, a link or a channel. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What the text costs inside a JSON string after escaping: at least its length, so that one measure keeps every limit. */
export function slackCost(text: string): number {
  return JSON.stringify(escapeSlack(text)).length - 2;
}

/** One clean line that costs at most `max`, not yet escaped. */
export function cutForSlack(text: string, max: number): string {
  const clean = cleanLine(text);
  return slackCost(clean) <= max ? clean : cutByCost(clean, max, slackCost);
}

/** What could format, mention, link or become an emoji where Slack parses mrkdwn. */
const LIVE = /[*_~`<>&|@#\\]|:[^\s:]+:|\.\p{L}|\/\//u;

/** True for text that means the same in mrkdwn as in plain text. */
export function isInert(text: string): boolean {
  return !LIVE.test(text);
}

const LOOK_ALIKES: Readonly<Record<string, string>> = { '*': '\u2217', '~': '\u223c', '`': "'" };

/**
 * For the one place where Slack always parses mrkdwn, the message's `text`: what formats or begins an address becomes a character that looks like it and
 * does nothing; underscores inside words stay, since they format nothing.
 */
export function inertLine(text: string): string {
  const inert = cleanLine(text)
    .replace(/[*~`]/g, (character) => LOOK_ALIKES[character] ?? character)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\uff3f')
    .replace(/:(?=(?!\d\d:)[^\s:]+:)/gu, '\u2236')
    .replaceAll('://', ':\u2215\u2215')
    .replace(/@(?=here|channel|everyone)/giu, '\uff20');
  return escapeSlack(inert);
}
