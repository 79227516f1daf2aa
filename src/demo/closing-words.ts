import { DEMO_KINDS, type DemoKind } from './kinds.ts';
import { SMALLEST_CONFIGURATION } from './smallest-configuration.ts';

export interface DemoResult {
  readonly seen: ReadonlySet<DemoKind>;
  readonly polls: { readonly complete: number; readonly other: number };
  readonly slackMessages: number;
  readonly mails: number;
  readonly seconds: number;
  /** null when no digest came. */
  readonly digestPath: string | null;
}

/** What was seen, and what to do next. */
export function closingWords(result: DemoResult): readonly string[] {
  const { seen, polls, slackMessages, mails, seconds, digestPath } = result;
  return [
    '',
    `Seen in ${seconds} s: ${DEMO_KINDS.filter((kind) => seen.has(kind)).join(', ') || 'no message'}.`,
    `${polls.complete} complete polls, ${polls.other} others; ${slackMessages} Slack messages, ${mails} mails.`,
    ...(digestPath === null ? [] : [`The digest as it looks in a mail program: open ${digestPath}`]),
    '',
    'With an account of yours, the smallest configuration is a file repairwatch.yaml with',
    '',
    ...SMALLEST_CONFIGURATION.trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    'and the variables TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and SLACK_WEBHOOK_URL. Then:',
    '',
    '  npx repairwatch check --online    says whether the account, the channel and the store work',
    '  npx repairwatch run               is the service',
  ];
}

/** The sentence for a demo that did not show everything in time. */
export function missingWords(seen: ReadonlySet<DemoKind>, withinSeconds: number): string {
  const missing = DEMO_KINDS.filter((kind) => !seen.has(kind));
  return `The demo did not show everything within ${withinSeconds} s; missing: ${missing.join(', ')}.`;
}
