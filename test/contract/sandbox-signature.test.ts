import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { officialSdk } from '../support/official-sdk.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

test("the official SDK's signed request is accepted and answered with the vendor's fields", async () => {
  const row = sandbox.world().add({ TaskTypeId: 101 });
  const answer = await officialSdk(sandbox.port, SANDBOX_KEY).DescribeTaskInfo({ Limit: 20, Offset: 0 });
  expect(answer.TotalCount).toBe(1);
  expect(answer.RepairTaskInfoSet).toEqual([row]);
  expect(answer.RequestId).toMatch(/^[0-9a-f-]{36}$/);
});
