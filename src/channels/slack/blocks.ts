import { cutForSlack, escapeSlack, isInert } from './slack-text.ts';

/** The blocks we send, a small part of Block Kit: properties that Slack does not know make it refuse the whole message. */
export type SlackBlock =
  | { type: 'header'; text: PlainText }
  | { type: 'section'; text: SlackText }
  | { type: 'section'; fields: SlackText[] }
  | { type: 'context'; elements: SlackText[] }
  | { type: 'actions'; elements: LinkButton[] };

export interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: boolean;
}
export type SlackText = PlainText | { type: 'mrkdwn'; text: string; verbatim?: boolean };

export interface LinkButton {
  type: 'button';
  text: PlainText;
  url: string;
  action_id: string;
  style?: 'primary';
}

const SECTION_MAX = 2_900;
const URL_MAX = 3_000;
const NOTHING = '–';

/** Text that Slack shows as it is; never empty. Line feeds are kept. */
export function plainText(text: string): PlainText {
  return { type: 'plain_text', text: escapeSlack(text.trim() === '' ? NOTHING : text), emoji: false };
}

/** A heading over text: bold where nothing in the text could be parsed, otherwise the text as plain text below its heading. */
export function headed(heading: string | null, text: string): SlackBlock[] {
  if (heading === null) return [{ type: 'section', text: plainText(text) }];
  if (isInert(text)) return [{ type: 'section', text: marked(`${bold(heading)}\n${text}`) }];
  return [
    { type: 'section', text: marked(bold(heading)) },
    { type: 'section', text: plainText(text) },
  ];
}

/** One line that must not be overlooked. */
export function strong(text: string): SlackBlock {
  return { type: 'section', text: isInert(text) ? marked(bold(text)) : plainText(text) };
}

/** A label over a value, for a section's fields. */
export function field(label: string, value: string, max: number): SlackText {
  const text = cutForSlack(value, max);
  return isInert(text) ? marked(`${bold(label)}\n${text || NOTHING}`) : plainText(`${label}\n${text}`);
}

/** A command under its label; only for lines that are made of checked values. */
export function commandBlock(label: string, line: string): SlackBlock {
  return { type: 'section', text: marked(`${label}\n\`\`\`${escapeSlack(line)}\`\`\``) };
}

/** Live markup: only for mentions out of the configuration. */
export function mentionBlock(mentions: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: mentions } };
}

/** Lines in as few sections as hold them, under a heading. */
export function listBlocks(heading: string | null, lines: readonly string[]): SlackBlock[] {
  const chunks: string[] = [];
  for (const line of lines) {
    const joined = `${chunks.at(-1) ?? ''}\n${line}`;
    if (chunks.length > 0 && escapeSlack(joined).length <= SECTION_MAX) chunks[chunks.length - 1] = joined;
    else chunks.push(line);
  }
  const [first, ...rest] = chunks;
  if (first === undefined) return [];
  return [...headed(heading, first), ...rest.flatMap((chunk) => headed(null, chunk))];
}

/** Link buttons; null addresses and too long ones are left out. */
export function linkBlocks(links: readonly { label: string; url: string | null }[]): SlackBlock[] {
  const elements = links.flatMap(({ label, url }, at): LinkButton[] =>
    url === null || url.length > URL_MAX
      ? []
      : [{ type: 'button', text: plainText(label), url, action_id: `open-${at}` }],
  );
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function marked(text: string): SlackText {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** For our own words only: the catalogue's headings and labels hold nothing that Slack parses. */
function bold(text: string): string {
  return `*${text}*`;
}
