import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProgramEnd } from './program.ts';
import type { ServiceKit } from './service-kit.ts';

/** Everything that left the service in any way: what it printed, what it sent, and the bytes of its store. */
export function captured(
  { hook, mail, file }: Pick<ServiceKit, 'hook' | 'mail' | 'file'>,
  ends: readonly ProgramEnd[],
): readonly string[] {
  const state = dirname(file.storePath);
  return [
    ...ends.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ...hook.requests.entries.map(({ body }) => body),
    ...mail.messages.entries.flatMap(({ raw, email }) => [raw, email.text ?? '', email.html ?? '']),
    ...readdirSync(state).map((name) => readFileSync(join(state, name), 'latin1')),
  ];
}
