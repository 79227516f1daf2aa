import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramEnd } from './program.ts';
import type { ServiceKit } from './service-kit.ts';

/** Everything that left the service in any way: what it printed, what it sent, and the bytes of its store. */
export function captured({ hook, mail, directory }: ServiceKit, ends: readonly ProgramEnd[]): readonly string[] {
  const state = join(directory, 'state');
  return [
    ...ends.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ...hook.requests.entries.map(({ body }) => body),
    ...mail.messages.entries.flatMap(({ raw, email }) => [raw, email.text ?? '', email.html ?? '']),
    ...readdirSync(state).map((file) => readFileSync(join(state, file), 'latin1')),
  ];
}
