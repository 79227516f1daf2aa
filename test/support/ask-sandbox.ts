import type { VendorRow } from '../../src/sandbox/row.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY, type SandboxKey } from '../../src/sandbox/signature.ts';
import { signedCall } from './signed-call.ts';

/** `Response` of the vendor's answer. */
export interface SandboxAnswer {
  readonly TotalCount?: number;
  readonly RepairTaskInfoSet?: readonly VendorRow[] | null;
  readonly Error?: { readonly Code: string; readonly Message: string };
  readonly RequestId: string;
}

/** One soundly signed DescribeTaskInfo with these parameters, at the server's own time. */
export async function askSandbox(
  sandbox: Sandbox,
  parameters: unknown = {},
  key: SandboxKey = SANDBOX_KEY,
): Promise<SandboxAnswer> {
  const body = typeof parameters === 'string' ? parameters : JSON.stringify(parameters);
  const timestamp = Math.floor(sandbox.now() / 1000);
  const response = await signedCall({ url: `${sandbox.url}/`, key, body, timestamp });
  // The sandbox is the only one who answers here, and this is the form of its answers.
  const { Response } = (await response.json()) as { Response: SandboxAnswer };
  return Response;
}

/** The ids of the answer's rows, in its order. */
export function idsOf(answer: SandboxAnswer): readonly string[] {
  return (answer.RepairTaskInfoSet ?? []).map((row) => row.TaskId);
}
