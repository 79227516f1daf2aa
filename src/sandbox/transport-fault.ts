import type { ServerResponse } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import type { TransportFaultKind } from './faults.ts';

const HTML = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';
const SLOW_PIECE_MS = 200;
const HUGE_BYTES = 64 * 1024 * 1024;
const HUGE_PIECE = 'x'.repeat(64 * 1024);

/** Answers with trouble of the way instead of with `truth`, the body that a sound way would have carried. */
export function answerWithFault(kind: TransportFaultKind, response: ServerResponse, truth: string, clock: Clock): void {
  if (kind === 'hang') return;
  if (kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (kind === 'slow-body') {
    trickle(response, truth, clock);
    return;
  }
  if (kind === 'huge-body') {
    flood(response);
    return;
  }
  if (kind === 'closed-when-idle') {
    const { socket } = response;
    // Nothing in the answer announces it: the client keeps the connection for its next request.
    response.writeHead(200, { 'content-type': 'application/json' }).end(truth, () => socket?.destroySoon());
    return;
  }
  if (kind === 'deaf-when-idle') {
    // The sandbox answers no further request that comes by this connection.
    response.writeHead(200, { 'content-type': 'application/json' }).end(truth);
    return;
  }
  const answers = {
    'http-502-html': { status: 502, type: 'text/html', body: HTML },
    'not-json': { status: 200, type: 'application/json', body: 'upstream said: no' },
    'truncated-json': { status: 200, type: 'application/json', body: truth.slice(0, Math.floor(truth.length / 2)) },
    'wrong-types': {
      status: 200,
      type: 'application/json',
      body: '{"Response":{"TotalCount":"many","RepairTaskInfoSet":"none","RequestId":7}}',
    },
  } as const;
  const { status, type, body } = answers[kind];
  response.writeHead(status, { 'content-type': type }).end(body);
}

/** A byte every `SLOW_PIECE_MS` until the client gives up. */
function trickle(response: ServerResponse, body: string, clock: Clock): void {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'application/json' });
  const send = async (): Promise<void> => {
    for (const piece of body) {
      response.write(piece);
      await clock.sleep(SLOW_PIECE_MS, gone.signal);
    }
    response.end();
  };
  send().catch(() => response.destroy());
}

/** One JSON text that is longer than anyone should read, as fast as the client takes it. */
function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"Response":{"TotalCount":1,"RepairTaskInfoSet":[{"TaskDetail":"');
  let left = HUGE_BYTES;
  const pour = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= HUGE_PIECE.length;
      if (!response.write(HUGE_PIECE)) {
        response.once('drain', pour);
        return;
      }
    }
    response.end('"}]}}');
  };
  pour();
}
