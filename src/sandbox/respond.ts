import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import type { ApiError } from './api-error.ts';
import type { Judged } from './describe-task-info.ts';
import { errorOfFault, type Fault, isErrorFault, isTransportFault } from './faults.ts';
import { spoiledPage } from './spoiled-page.ts';
import { answerWithFault } from './transport-fault.ts';

/** Sends the answer, or what the fault makes of it; returns `ok`, the error's code, or `fault:` and its kind. */
export function respond<Seen>(
  response: ServerResponse,
  judged: Judged,
  fault: Fault<Seen> | null,
  clock: Clock,
): string {
  if (fault === null) {
    send(response, bodyOf(judged));
    return judged.ok ? 'ok' : judged.error.code;
  }
  const { kind, row } = fault;
  if (isTransportFault(kind)) answerWithFault(kind, response, JSON.stringify(bodyOf(judged)), clock);
  else if (isErrorFault(kind)) send(response, errorBody(errorOfFault(kind, fault)));
  else send(response, judged.ok ? wrap(spoiledPage(kind, judged.result, row)) : errorBody(judged.error));
  return `fault:${kind}`;
}

function bodyOf(judged: Judged): object {
  if (!judged.ok) return errorBody(judged.error);
  const { totalCount, rows } = judged.result;
  const empty = judged.emptySet === 'null' ? null : [];
  return wrap({ TotalCount: totalCount, RepairTaskInfoSet: rows.length === 0 ? empty : rows });
}

function errorBody({ code, message }: ApiError): object {
  return wrap({ Error: { Code: code, Message: message } });
}

function wrap(content: object): object {
  return { Response: { ...content, RequestId: randomUUID() } };
}

function send(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}
