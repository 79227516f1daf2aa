import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How one request is answered; it must end, destroy or deliberately keep the response. */
export type ScriptedAnswer = (response: ServerResponse, request: SeenRequest) => void;

export interface ScriptedApi {
  readonly origin: string;
  readonly port: number;
  readonly seen: SeenRequest[];
  /** The answers to come, one a request; the last one stays. */
  script(...answers: ScriptedAnswer[]): void;
  close(): Promise<void>;
}

/** A loopback HTTP server that answers as it is told and keeps what it was asked. */
export async function startScriptedApi(): Promise<ScriptedApi> {
  const seen: SeenRequest[] = [];
  let answers: ScriptedAnswer[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const asked = { url: request.url ?? '', headers: request.headers, body };
    seen.push(asked);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined) response.writeHead(500).end('no answer is scripted');
    else answer(response, asked);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A TCP server's address is an object; only a pipe's is a string.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    seen,
    script(...next) {
      answers = next;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** An answer of the API: HTTP 200 with the Response object. */
export function apiAnswer(fields: object, headers: Record<string, string> = {}): ScriptedAnswer {
  return (response) =>
    response.writeHead(200, headers).end(JSON.stringify({ Response: { RequestId: 'req-1', ...fields } }));
}

export function apiError(code: string, message = 'said the API', headers: Record<string, string> = {}): ScriptedAnswer {
  return apiAnswer({ Error: { Code: code, Message: message } }, headers);
}

/** An answer with any status and body. */
export function rawAnswer(status: number, body: string): ScriptedAnswer {
  return (response) => response.writeHead(status).end(body);
}
