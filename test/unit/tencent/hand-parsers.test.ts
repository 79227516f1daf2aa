import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { keyFromMetadata, keyFromSts } from '../../../src/tencent/credentials/temporary-key.ts';
import { openEnvelope } from '../../../src/tencent/envelope.ts';
import { parsePage } from '../../../src/tencent/parse.ts';
import { integer } from '../../../src/tencent/parse-row.ts';

const RUNS = { numRuns: 5000 };

/** What the forms of an answer are, in zod's words: the parsers by hand must say the same of any JSON. */
const requestId = z.string().nullable().catch(null);
const failure = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string().min(1), Message: z.string().catch('') }),
    RequestId: requestId,
  }),
});
const success = z.object({ Response: z.looseObject({ Error: z.null().optional(), RequestId: requestId }) });
const page = z.object({
  TotalCount: z.unknown().transform(integer).pipe(z.number().min(0)),
  RepairTaskInfoSet: z.array(z.unknown()).nullish(),
});
const text = z.string().min(1);
const key = { TmpSecretId: text, TmpSecretKey: text, Token: text };
const metadataKey = z.object({ Code: z.literal('Success'), ...key, ExpiredTime: z.number().positive() });
const stsKey = z.object({ ExpiredTime: z.number().positive(), Credentials: z.object(key) });

/** A JSON value; often one of those that some parser looks for. */
const value = fc.oneof(
  fc.constantFrom(null, '', 'x', 'Success', 0, 1, -1, 1.5, 1e300, '12', ' 7 ', '-3', true, false),
  fc.jsonValue({ maxDepth: 2 }),
);
/** An object with some of these keys. */
const having = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(fields, { requiredKeys: [] });
const error = fc.oneof(value, having({ Code: value, Message: value, Other: value }));
const response = fc.oneof(value, having({ Error: error, RequestId: value, TotalCount: value }));
const envelope = fc.oneof(value, having({ Response: response, Other: value }));
const list = fc.oneof(value, fc.array(value, { maxLength: 2 }));
const keyFields = { TmpSecretId: value, TmpSecretKey: value, Token: value, ExpiredTime: value, Code: value };
const keys = fc.oneof(value, having(keyFields), fc.record(keyFields));

test('an envelope is opened as its form says', () => {
  const byForm = (json: unknown): unknown => {
    const failed = failure.safeParse(json);
    if (failed.success) {
      const { Error: told, RequestId } = failed.data.Response;
      return { kind: 'error', code: told.Code, message: told.Message, requestId: RequestId };
    }
    const answered = success.safeParse(json);
    if (!answered.success) return { kind: 'bad', problem: expect.any(String) };
    return { kind: 'answer', fields: expect.anything(), requestId: answered.data.Response.RequestId };
  };
  const check = (json: unknown): void => {
    const written = JSON.stringify(json);
    const plain: unknown = JSON.parse(written);
    const opened = openEnvelope(written);
    expect(opened).toEqual(byForm(plain));
    if (opened.kind === 'answer')
      expect({ Response: opened.fields }).toMatchObject({ Response: (plain as { Response: object }).Response });
  };
  fc.assert(fc.property(envelope, check), RUNS);
});

test('a page is taken as its form says', () => {
  const check = (fields: unknown): void => {
    const parsed = parsePage(fields, { utcOffsetMs: 0, requestId: null, serverDate: null });
    const byForm = page.safeParse(fields);
    expect(parsed.ok).toBe(byForm.success);
    if (!parsed.ok || !byForm.success) return;
    expect(parsed.page.totalCount).toBe(byForm.data.TotalCount);
    expect(parsed.page.bad).toHaveLength(byForm.data.RepairTaskInfoSet?.length ?? 0);
  };
  fc.assert(fc.property(fc.oneof(value, having({ TotalCount: value, RepairTaskInfoSet: list })), check), RUNS);
});

test('a temporary key is taken as its form says', () => {
  const shown = (found: ReturnType<typeof keyFromSts>): unknown =>
    found &&
    [found.secretId, found.secretKey, found.token].map((secret) => secret?.reveal()).concat(String(found.expiresAt));
  const expected = (read: Record<keyof typeof key, string> | null, seconds: number): unknown =>
    read && [read.TmpSecretId, read.TmpSecretKey, read.Token, String(seconds * 1000)];
  const check = (json: unknown, sts: unknown): void => {
    const metadata = metadataKey.safeParse(json);
    expect(shown(keyFromMetadata(json))).toEqual(expected(metadata.data ?? null, metadata.data?.ExpiredTime ?? 0));
    const answer = stsKey.safeParse(sts);
    expect(shown(keyFromSts(sts))).toEqual(expected(answer.data?.Credentials ?? null, answer.data?.ExpiredTime ?? 0));
  };
  const sts = fc.oneof(
    value,
    having({ ExpiredTime: value, Credentials: keys }),
    fc.record({ ExpiredTime: fc.integer(), Credentials: keys }),
  );
  fc.assert(fc.property(keys, sts, check), RUNS);
});
