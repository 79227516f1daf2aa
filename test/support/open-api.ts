import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

type Schema = Readonly<Record<string, unknown>>;

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get: { readonly responses: Readonly<Record<string, Schema>> } }>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
}

const FILE = fileURLToPath(new URL('../../docs/openapi.yaml', import.meta.url));
// The cast holds as far as the tests look: what is missing makes them fail.
export const openApi = parse(readFileSync(FILE, 'utf8')) as OpenApi;

/** The schema of an answer in JSON; null where the document has none. */
export function answerSchema(path: string, status: number): Schema | null {
  const response = resolved(openApi.paths[path]?.get.responses[String(status)] ?? {});
  const content = response['content'] as Readonly<Record<string, { readonly schema: Schema }>> | undefined;
  return content?.['application/json']?.schema ?? null;
}

/** Where a value is not as the schema says, each place with what is wrong; knows the keywords that docs/openapi.yaml uses, and no other. */
export function misfits(value: unknown, schema: Schema, at = '$'): readonly string[] {
  const rules = resolved(schema);
  return Object.entries(rules).flatMap(([keyword, rule]): readonly string[] => {
    const check = KEYWORDS[keyword];
    return check === undefined
      ? [`${at}: keyword ${keyword} is not known to this test`]
      : check(value, rule, at, rules);
  });
}

type Check = (value: unknown, rule: unknown, at: string, rules: Schema) => readonly string[];

const nothing: Check = () => [];

/** Each rule is of the shape that JSON Schema gives it; the casts say which. */
const KEYWORDS: Readonly<Record<string, Check>> = {
  description: nothing,
  type(value, rule, at) {
    const allowed = Array.isArray(rule) ? rule : [rule];
    return allowed.some((type) => isOf(value, type))
      ? []
      : [`${at}: is ${typeName(value)}, not ${allowed.join(' or ')}`];
  },
  enum: (value, rule, at) =>
    (rule as unknown[]).includes(value) ? [] : [`${at}: ${JSON.stringify(value)} is not listed`],
  format: (value, _rule, at) =>
    value === null || (typeof value === 'string' && new Date(value).toISOString() === value)
      ? []
      : [`${at}: is no time`],
  anyOf: (value, rule, at) =>
    (rule as Schema[]).some((each) => misfits(value, each, at).length === 0) ? [] : [`${at}: fits none of anyOf`],
  items: (value, rule, at) =>
    Array.isArray(value) ? value.flatMap((item, i) => misfits(item, rule as Schema, `${at}[${i}]`)) : [],
  required: (value, rule, at) =>
    isObject(value) ? (rule as string[]).filter((name) => !(name in value)).map((name) => `${at}: has no ${name}`) : [],
  properties: (value, rule, at) =>
    isObject(value)
      ? Object.entries(rule as Readonly<Record<string, Schema>>).flatMap(([name, each]) =>
          name in value ? misfits(value[name], each, `${at}.${name}`) : [],
        )
      : [],
  additionalProperties: (value, _false, at, { properties }) =>
    isObject(value)
      ? Object.keys(value)
          .filter((name) => !(name in (properties as Schema)))
          .map((name) => `${at}: has ${name}, which is not described`)
      : [],
};

function resolved(schema: Schema): Schema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  const [, , kind = '', name = ''] = reference.split('/');
  const found = openApi.components[kind]?.[name];
  if (found === undefined) throw new Error(`docs/openapi.yaml refers to ${reference}, which it does not have`);
  return resolved(found);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOf(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return typeName(value) === type;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
