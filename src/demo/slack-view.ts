import { displayWidth, padToWidth } from '../lib/text-width.ts';
import { isJsonObject, type JsonObject } from '../sandbox/json.ts';
import { type StyledLine, styled } from './styled-line.ts';

/** A Slack payload as a person reads it. */
export interface SlackView {
  /** The header, or the fallback's first line. */
  readonly title: string;
  readonly lines: readonly StyledLine[];
}

/** Shows a payload that came to a hook, from nothing but what is in it; the plain text where it has no blocks. */
export function viewSlackPayload(payload: unknown): SlackView {
  const { blocks, text } = isJsonObject(payload) ? payload : {};
  const plain = readMrkdwn(typeof text === 'string' ? text : '').split('\n');
  const shown = objects(blocks).map(linesOf);
  const header = objects(blocks).find(({ type }) => type === 'header');
  return {
    title: header === undefined ? (plain[0] ?? '') : textOf(header['text']).join(' '),
    lines:
      shown.length === 0 ? styled('plain', ...plain) : shown.flatMap((lines, i) => (i === 0 ? lines : spaced(lines))),
  };
}

function spaced(lines: readonly StyledLine[]): readonly StyledLine[] {
  return lines.length === 0 ? [] : [...styled('plain', ''), ...lines];
}

function linesOf(block: JsonObject): readonly StyledLine[] {
  if (block['type'] === 'header') return styled('strong', ...textOf(block['text']));
  if (block['type'] === 'context') return styled('quiet', ...objects(block['elements']).flatMap(textOf));
  if (block['type'] === 'divider') return styled('quiet', '───');
  if (block['type'] === 'actions') {
    return objects(block['elements']).flatMap((button) =>
      styled('link', `[ ${textOf(button['text']).join(' ')} ]  ${String(button['url'] ?? '')}`),
    );
  }
  const text = block['text'] === undefined ? [] : styled('plain', ...textOf(block['text']));
  const fields = fieldLines(objects(block['fields']).map(textOf));
  const known = text.length + fields.length > 0;
  return known ? [...text, ...fields] : styled('quiet', `[${String(block['type'])}]`);
}

/** A field's first line is its label; labels are as wide as the widest. */
function fieldLines(fields: readonly (readonly string[])[]): readonly StyledLine[] {
  const widest = Math.max(0, ...fields.map(([label = '']) => displayWidth(label)));
  return fields.flatMap(([label = '', ...values]) =>
    styled('plain', `${padToWidth(label, widest)}  ${values.join(' ')}`),
  );
}

/** The lines of a text object; only mrkdwn has markup. */
function textOf(value: unknown): readonly string[] {
  if (!isJsonObject(value)) return [];
  const text = String(value['text'] ?? '');
  return (value['type'] === 'mrkdwn' ? readMrkdwn(text) : unescaped(text)).split('\n');
}

/** Slack's markup without its marks: `*bold*` is bold, `<url|label>` is label and address, `<!here>` calls. */
export function readMrkdwn(text: string): string {
  return unescaped(
    text
      .replace(/```\n?([^`]*?)\n?```/g, '$1')
      .replace(/`([^`\n]+)`/g, '$1')
      .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
      .replace(/<!(?:subteam\^)?([^|>]+)(?:\|[^>]*)?>/g, '@$1')
      .replace(/<@([^|>]+)(?:\|[^>]*)?>/g, '@$1')
      .replace(/<([^|<>]+)\|([^<>]*)>/g, '$2 ($1)')
      .replace(/<([a-z]+:[^<>]+)>/g, '$1')
      .replace(/(^|[\s(])\*([^*\n]+)\*(?=$|[\s).,:;])/gm, '$1$2')
      .replace(/(^|[\s(])_([^_\n]+)_(?=$|[\s).,:;])/gm, '$1$2'),
  );
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
