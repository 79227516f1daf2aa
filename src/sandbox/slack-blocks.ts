import { isJsonObject } from './json.ts';

type Rule = (value: unknown) => boolean;

const BLOCKS_MOST = 50;
/** Not documented; reported to fail near it. Counted over the JSON text of all blocks, the strictest reading. */
const ALL_BLOCKS_CHARACTERS_MOST = 12_000;

/** True where blocks keep every documented limit and name no property that Slack does not know. */
export function blocksFollowTheRules(blocks: unknown): boolean {
  if (!Array.isArray(blocks) || blocks.length === 0 || blocks.length > BLOCKS_MOST) return false;
  if (JSON.stringify(blocks).length > ALL_BLOCKS_CHARACTERS_MOST) return false;
  const ids = blocks.map((block: unknown) => propertyOf(block, 'block_id')).filter((id) => id !== undefined);
  return new Set(ids).size === ids.length && blocks.every(isBlock);
}

const string =
  (most: number, least = 1): Rule =>
  (value) =>
    typeof value === 'string' && value.length >= least && value.length <= most;

const link: Rule = (value) => string(3000)(value) && URL.canParse(String(value));
const flag: Rule = (value) => typeof value === 'boolean';

const list =
  (most: number, each: Rule): Rule =>
  (value) =>
    Array.isArray(value) && value.length >= 1 && value.length <= most && value.every(each);

const anyOf =
  (...rules: readonly Rule[]): Rule =>
  (value) =>
    rules.some((rule) => rule(value));

/** An object of that `type` with every property of `must`, any of `may`, and no other. */
const object =
  (type: string, must: Readonly<Record<string, Rule>>, may: Readonly<Record<string, Rule>> = {}): Rule =>
  (value) => {
    if (!isJsonObject(value) || value['type'] !== type) return false;
    const rules: Readonly<Record<string, Rule>> = { ...must, ...may, type: () => true };
    const complete = Object.keys(must).every((name) => Object.hasOwn(value, name));
    return complete && Object.entries(value).every(([name, held]) => Object.hasOwn(rules, name) && rules[name]?.(held));
  };

const plain = (most: number): Rule => object('plain_text', { text: string(most) }, { emoji: flag });
const marked = (most: number): Rule => object('mrkdwn', { text: string(most) }, { verbatim: flag });
const text = (most: number): Rule => anyOf(plain(most), marked(most));

const image = object('image', { image_url: link, alt_text: string(2000) });

const button = object(
  'button',
  { text: plain(75) },
  {
    url: link,
    value: string(2000),
    action_id: string(255),
    style: (value) => value === 'primary' || value === 'danger',
    accessibility_label: string(75),
  },
);

const id = { block_id: string(255) };

const isBlock: Rule = anyOf(
  object('divider', {}, id),
  object('header', { text: plain(150) }, id),
  object('image', { image_url: link, alt_text: string(2000) }, { ...id, title: plain(2000) }),
  object('context', { elements: list(10, anyOf(text(3000), image)) }, id),
  object('actions', { elements: (value) => list(25, button)(value) && actionIdsDiffer(value) }, id),
  (value) =>
    object(
      'section',
      {},
      {
        ...id,
        text: text(3000),
        fields: list(10, text(2000)),
        accessory: anyOf(button, image),
        expand: flag,
      },
    )(value) &&
    (propertyOf(value, 'text') !== undefined || propertyOf(value, 'fields') !== undefined),
);

function actionIdsDiffer(elements: unknown): boolean {
  if (!Array.isArray(elements)) return false;
  const ids = elements.map((element: unknown) => propertyOf(element, 'action_id')).filter((each) => each !== undefined);
  return new Set(ids).size === ids.length;
}

function propertyOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}
