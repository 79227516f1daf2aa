import { type ApiError, apiError } from './api-error.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { SandboxSwitches } from './switches.ts';
import { vendorSecond } from './vendor-time.ts';

/** A call of DescribeTaskInfo after every check; null: not given. Times as `vendorSecond` counts them. */
export interface TaskQuery {
  readonly limit: number;
  readonly offset: number;
  readonly product: string | null;
  readonly taskStatus: readonly number[] | null;
  readonly taskTypeIds: readonly number[] | null;
  readonly taskIds: readonly string[] | null;
  readonly instanceIds: readonly string[] | null;
  readonly aliases: readonly string[] | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly orderField: 'CreateTime' | 'AuthTime' | 'EndTime';
  readonly descending: boolean;
}

export type Parameters =
  | { readonly ok: true; readonly query: TaskQuery }
  | { readonly ok: false; readonly error: ApiError };

const KNOWN: ReadonlySet<string> = new Set(
  (
    'Limit Offset Product TaskStatus TaskTypeIds TaskIds InstanceIds Aliases ' + 'StartDate EndDate OrderField Order'
  ).split(' '),
);
const PRODUCTS: readonly string[] = ['CVM', 'CDH', 'CPM2.0'];
const STATUSES: readonly number[] = [1, 2, 3, 4, 5, 6];
const TYPES: readonly number[] = [101, 102, 103, 104, 105, 106, 107];
const ORDER_FIELDS = ['CreateTime', 'AuthTime', 'EndTime'] as const;

/** Checks a body as strictly as the vendor's page describes it; the first problem is the answer. */
export function readParameters(body: unknown, switches: SandboxSwitches): Parameters {
  if (!isJsonObject(body)) return refused(apiError('InvalidParameter', 'The request body is not a JSON object.'));
  const unknown = Object.keys(body).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    return refused(apiError('UnknownParameter', `The parameter \`${unknown}\` is not recognized.`));
  }
  const reader = new ParameterReader(body, switches);
  const query: TaskQuery = {
    limit: reader.count('Limit', 20, 1, 100),
    offset: reader.count('Offset', 0, 0, Number.MAX_SAFE_INTEGER),
    product: reader.oneOf('Product', PRODUCTS),
    taskStatus: reader.numbers('TaskStatus', STATUSES),
    taskTypeIds: reader.numbers('TaskTypeIds', TYPES),
    taskIds: reader.texts('TaskIds', /^rep-\S+$/),
    instanceIds: reader.texts('InstanceIds', /^[a-z]+-\S+$/),
    aliases: reader.texts('Aliases', /(?:)/),
    start: reader.time('StartDate'),
    end: reader.time('EndDate'),
    orderField: reader.oneOf('OrderField', ORDER_FIELDS) ?? 'CreateTime',
    descending: reader.order() === 1,
  };
  return reader.error === null ? { ok: true, query } : refused(reader.error);
}

function refused(error: ApiError): Parameters {
  return { ok: false, error };
}

/** Reads one field after the other and keeps the first problem; what it returns after a problem is never used. */
class ParameterReader {
  readonly #body: JsonObject;
  readonly #switches: SandboxSwitches;
  error: ApiError | null = null;

  constructor(body: JsonObject, switches: SandboxSwitches) {
    this.#body = body;
    this.#switches = switches;
  }

  count(name: string, preset: number, least: number, most: number): number {
    const value = this.#body[name];
    if (value === undefined) {
      if (this.#switches.limitRequired) this.#keep('MissingParameter', `The parameter \`${name}\` is missing.`);
      return preset;
    }
    if (!isInteger(value)) return this.#wrongType(name, preset);
    if (value < least || value > most) this.#wrongValue(name, value, `an integer from ${least} to ${most}`);
    return value;
  }

  /** 'Not given or empty' is the default in the vendor's words. */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | null {
    const value = this.#body[name];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value !== 'string') return this.#wrongType(name, null);
    const found = allowed.find((each) => each === value);
    if (found === undefined) this.#wrongValue(name, value, `one of ${allowed.join(', ')}`);
    return found ?? null;
  }

  order(): 0 | 1 {
    const value = this.#body['Order'];
    if (value === undefined || value === null) return 0;
    if (!isInteger(value)) return this.#wrongType('Order', 0);
    if (value !== 0 && value !== 1) this.#wrongValue('Order', value, '0 or 1');
    return value === 1 ? 1 : 0;
  }

  numbers(name: string, allowed: readonly number[]): readonly number[] | null {
    return this.#list(name, isInteger, (value) => allowed.includes(value), `any of ${allowed.join(', ')}`);
  }

  texts(name: string, form: RegExp): readonly string[] | null {
    const isText = (value: unknown): value is string => typeof value === 'string';
    const list = this.#list(name, isText, (value) => form.test(value), `texts of the form ${form.source}`);
    const most = this.#switches.idsMaximum;
    if (list !== null && list.length > most) this.#wrongValue(name, `${list.length} entries`, `at most ${most}`);
    return list;
  }

  time(name: string): number | null {
    const value = this.#body[name];
    if (value === undefined) return null;
    if (typeof value !== 'string') return this.#wrongType(name, null);
    const second = vendorSecond(value);
    if (second === null) this.#wrongValue(name, value, 'a time of the form YYYY-MM-DD hh:mm:ss');
    return second;
  }

  #list<T>(name: string, is: (value: unknown) => value is T, fits: (value: T) => boolean, allowed: string): T[] | null {
    const value = this.#body[name];
    if (value === undefined) return null;
    if (!Array.isArray(value) || !value.every(is)) return this.#wrongType(name, null);
    if (value.length === 0) {
      if (this.#switches.emptyFilter === 'refused') this.#wrongValue(name, '[]', 'a list that is not empty');
      return null;
    }
    const misfit = value.find((each) => !fits(each));
    if (misfit !== undefined) this.#wrongValue(name, misfit, allowed);
    return value;
  }

  #wrongType<T>(name: string, preset: T): T {
    this.#keep('InvalidParameter', `The value type of parameter \`${name}\` is not valid.`);
    return preset;
  }

  #wrongValue(name: string, value: unknown, allowed: string): void {
    this.#keep('InvalidParameterValue', `The parameter \`${name}\` is ${String(value)}, but must be ${allowed}.`);
  }

  #keep(code: string, message: string): void {
    this.error ??= apiError(code, message);
  }
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}
