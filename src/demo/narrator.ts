import { cleanLine, cutText } from '../lib/clean-text.ts';
import { type Clock, SECOND_MS } from '../lib/clock.ts';
import type { Catalogue } from '../messages/catalogue.ts';
import { isJsonObject } from '../sandbox/json.ts';
import type { ReceivedMail } from '../sandbox/mail-server.ts';
import type { HookRequest } from '../sandbox/slack-hook.ts';
import { type DemoKind, kindsOf } from './kinds.ts';
import { viewMail } from './mail-view.ts';
import type { ServiceLine } from './service-process.ts';
import { viewSlackPayload } from './slack-view.ts';
import { box, paint, type Style } from './styled-line.ts';

export interface NarratorOptions {
  readonly clock: Clock;
  /** Takes whole lines, without the last line feed. */
  readonly print: (text: string) => void;
  readonly columns: number;
  readonly colour: boolean;
  /** The languages of the two channels. */
  readonly slackWords: Catalogue;
  readonly mailWords: Catalogue;
  /** A kind of message was seen, perhaps not for the first time. */
  readonly onSeen: (kind: DemoKind) => void;
}

/** Tells on a terminal what came over the wire, in its order; polls in which nothing changes are counted together. */
export interface Narrator {
  slack(request: HookRequest): void;
  /** Returns whether the mail was the digest. */
  mail(mail: ReceivedMail): boolean;
  log(line: ServiceLine): void;
  /** Polls so far, complete ones and others. */
  readonly polls: { complete: number; other: number };
}

const NARROWEST = 44;
const WIDEST = 100;
const REASON_MAX = 200;

export function createNarrator(options: NarratorOptions): Narrator {
  const { clock, print, colour, slackWords, mailWords, onSeen } = options;
  const columns = Math.max(NARROWEST, Math.min(WIDEST, options.columns));
  const begun = clock.monotonic();
  const polls = { complete: 0, other: 0 };
  let last = '';
  let quiet = 0;

  const elapsed = (): string => `${Math.floor((clock.monotonic() - begun) / SECOND_MS)} s`;
  const say = (text: string, style: Style = 'plain'): void => {
    if (quiet > 0)
      print(paint(`        and ${quiet} more ${quiet === 1 ? 'poll' : 'polls'} that saw the same`, 'quiet', colour));
    quiet = 0;
    print(paint(text, style, colour));
  };
  const seen = (title: string, words: Catalogue): readonly DemoKind[] => {
    const kinds = kindsOf(cleanLine(title), words);
    for (const kind of kinds) onSeen(kind);
    return kinds;
  };

  function poll(line: ServiceLine): void {
    const complete = line['result'] === 'complete';
    polls[complete ? 'complete' : 'other'] += 1;
    const tasks = isJsonObject(line['tasks']) ? line['tasks'] : {};
    const sets = Object.entries(tasks).map(([set, count]) => `${set} ${String(count)}`);
    const state = `${String(line['result'])}, ${String(line['open'])} open tasks (read: ${sets.join(', ')})`;
    if (complete && state === last) {
      quiet += 1;
      return;
    }
    last = state;
    const cost = `${String(line['requests'])} requests, ${Math.round(Number(line['tookMs']))} ms`;
    const reason = complete ? '' : `: ${outside(line['reason'])}`;
    say(`${elapsed().padStart(6)}  poll ${state}, ${cost}${reason}`, complete ? 'plain' : 'alarm');
  }

  return {
    polls,
    slack({ payload, accepted, status, answer }) {
      if (!accepted) {
        say(`${elapsed().padStart(6)}  Slack refused a message: ${status ?? 'no answer'} ${answer ?? ''}`, 'alarm');
        return;
      }
      const { title, lines } = viewSlackPayload(payload);
      say(box(`Slack · ${elapsed()}`, lines, columns, colour));
      seen(title, slackWords);
    },
    mail(mail) {
      say(box(`Mail · ${elapsed()}`, viewMail(mail), columns, colour));
      return seen(mail.email.subject ?? '', mailWords).includes('digest');
    },
    log(line) {
      if (line['event'] === 'poll-finished') poll(line);
      else if (line['level'] === 'error' || line['event'] === 'message-not-delivered')
        say(`${elapsed().padStart(6)}  ${outside(line['event'])} ${outside(line['reason'] ?? line['error'])}`, 'alarm');
    },
  };
}

function outside(value: unknown): string {
  return cutText(cleanLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')), REASON_MAX);
}
