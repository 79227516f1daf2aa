import { type Clock, SECOND_MS } from '../../src/lib/clock.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { MailFault } from '../../src/sandbox/mail-server.ts';
import type { Random } from '../../src/sandbox/seeded-random.ts';
import type { HookFault } from '../../src/sandbox/slack-hook.ts';
import { type Counterparts, PAGE_FAULTS } from './counterparts.ts';

export interface Trouble {
  /** One fault on one counterpart, or none. */
  make(): void;
  /** Faults at random moments until the signal. */
  run(clock: Clock, signal: AbortSignal): Promise<void>;
  clear(): void;
  readonly counts: ReadonlyMap<string, number>;
}

/** The account pauses for 5 min after one of these, until the next start: more of them and nothing else could be seen. */
const API_BLOCKED: readonly FaultKind[] = ['blocked', 'bad-key', 'bad-signature', 'token-failure'];
const BLOCKED_SHARE = 0.05;
const API: readonly FaultKind[] = [
  'throttle',
  'internal-error',
  'unavailable',
  'clock',
  'invalid-value',
  'http-502-html',
  'not-json',
  'truncated-json',
  'reset',
  'hang',
  'slow-body',
  'huge-body',
  'wrong-types',
  ...PAGE_FAULTS,
];

/** Answers after which the message is tried again; that of a hook that is gone pauses its lane for 5 min, or until the next start. */
const SLACK: readonly HookFault[] = [
  { kind: 'status', status: 429, body: 'rate_limited', retryAfterSeconds: 1 },
  { kind: 'status', status: 500, body: 'rollup_error' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 404, body: 'no_service' },
  { kind: 'status', status: 200, body: '<html>a gateway</html>' },
  { kind: 'reset' },
  { kind: 'hang' },
  { kind: 'accept-then-reset' },
  { kind: 'accept-then-reset' },
  { kind: 'accept-then-hang' },
];

const MAIL: readonly MailFault[] = [
  { kind: 'refuse', step: 'connect', code: 421 },
  { kind: 'refuse', step: 'auth', code: 535 },
  { kind: 'refuse', step: 'sender', code: 451 },
  { kind: 'refuse', step: 'recipient', code: 450, text: 'greylisted' },
  { kind: 'refuse', step: 'body', code: 452 },
  { kind: 'drop-before-accept' },
  { kind: 'drop-after-accept' },
  { kind: 'drop-after-accept' },
  { kind: 'hang' },
];

/** One refusal of a rich message is answered by its plain form; two in a row are a dead message, which somebody has to send again. */
const REFUSALS = {
  slack: { kind: 'status', status: 400, body: 'invalid_blocks' } as const satisfies HookFault,
  mail: { kind: 'refuse', step: 'body', code: 554 } as const satisfies MailFault,
};
const REFUSED_SHARE = 0.3;
const TWICE_SHARE = 0.5;
const REFUSED_AT_MOST_EVERY_MS = 10 * SECOND_MS;
const LONGEST_PAUSE_MS = 1_600;

/** A hook that is gone, a login that fails. */
function isLasting(fault: HookFault | MailFault): boolean {
  return fault.kind === 'status' ? fault.status === 404 : fault.kind === 'refuse' && fault.step === 'auth';
}

export interface TroubleOptions {
  /** `false`: none after which the program pauses for minutes, or until its next start. */
  readonly lasting?: boolean;
  /** Between two of them, half of it on average. */
  readonly longestPauseMs?: number;
}

/** Random trouble of every kind that the stand-ins know, one at a time on each: what piles up would only lengthen the pauses between tries. */
export function createTrouble(
  { sandbox, slack, mail }: Counterparts,
  random: Random,
  { lasting = true, longestPauseMs = LONGEST_PAUSE_MS }: TroubleOptions = {},
): Trouble {
  const counts = new Map<string, number>();
  let refusedAt = { slack: 0, mail: 0 };
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const allowed = <T extends HookFault | MailFault>(faults: readonly T[]): readonly T[] =>
    faults.filter((fault) => lasting || !isLasting(fault));
  const note = (name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  const mayRefuse = (channel: 'slack' | 'mail'): boolean => {
    const now = performance.now();
    if (random() > REFUSED_SHARE || now - refusedAt[channel] < REFUSED_AT_MOST_EVERY_MS) return false;
    refusedAt = { ...refusedAt, [channel]: now };
    return true;
  };

  const timesOf = (isRefusal: boolean): number => (isRefusal && random() < TWICE_SHARE ? 2 : 1);

  function makeApi(): void {
    const kind = one(lasting && random() < BLOCKED_SHARE ? API_BLOCKED : API);
    if (kind === undefined) return;
    sandbox.clearFaults();
    sandbox.fault({ kind, times: 1 + Math.floor(random() * 3), probability: 0.3 });
    note(`API ${kind}`);
  }

  function makeSlack(): void {
    const fault = mayRefuse('slack') ? REFUSALS.slack : one(allowed(SLACK));
    if (fault === undefined) return;
    const times = timesOf(fault === REFUSALS.slack);
    slack.clearFaults();
    slack.fault({ ...fault, times });
    note(`Slack ${fault.kind === 'status' ? fault.status : fault.kind}${times > 1 ? ' twice' : ''}`);
  }

  function makeMail(): void {
    const fault = mayRefuse('mail') ? REFUSALS.mail : one(allowed(MAIL));
    if (fault === undefined) return;
    const times = timesOf(fault === REFUSALS.mail);
    mail.clearFaults();
    mail.fault({ ...fault, times });
    note(`SMTP ${fault.kind === 'refuse' ? `${fault.step} ${fault.code}` : fault.kind}${times > 1 ? ' twice' : ''}`);
  }

  function make(): void {
    const drawn = random();
    if (drawn < 0.3) makeApi();
    else if (drawn < 0.55) makeSlack();
    else if (drawn < 0.8) makeMail();
  }

  return {
    counts,
    make,
    clear() {
      sandbox.clearFaults();
      slack.clearFaults();
      mail.clearFaults();
    },
    async run(clock, signal) {
      while (!signal.aborted) {
        make();
        await clock.sleep(random() * longestPauseMs, signal).catch(() => undefined); // aborted: the loop ends
      }
    },
  };
}
