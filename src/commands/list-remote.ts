import type { AccountConfig, Config } from '../config/config.ts';
import { type EpochMs, systemClock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { silencesByTask } from '../model/silence.ts';
import type { Page, PageQuery, ReadResult } from '../poll/task-reader.ts';
import { createAccountReader } from '../tencent/account-reader.ts';
import { requestBody } from '../tencent/request-body.ts';
import type { ExitCode } from './exit-code.ts';
import type { ListOptions } from './list-options.ts';
import { listTable } from './list-table.ts';
import { printJsonList } from './print-json.ts';
import { readConfig } from './read-config.ts';
import { remoteAccount } from './remote-account.ts';
import { type Asked, pageProblem, remoteFooter, remoteHead, remoteTaskJson } from './remote-page.ts';
import { remoteQuery } from './remote-query.ts';
import { retryLines } from './retry-lines.ts';
import type { Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { stopSignal } from './stop-signal.ts';

/** `list --remote`: one page of DescribeTaskInfo, asked as it was typed. Needs no store and writes nothing. */
export async function listRemote(options: ListOptions, screen: Screen): Promise<ExitCode> {
  const config = readConfig(options, screen, 'ask')?.config;
  if (config === undefined) return 2;
  const account = remoteAccount(options.account, config.accounts);
  if ('problem' in account) return refuse(account.problem, screen);
  const now = systemClock.now();
  const { utcOffsetMs } = account;
  const asking = remoteQuery(options, { now, utcOffsetMs, lookbackMs: config.poll.lookbackMs });
  if (!asking.ok) return refuse(asking.problem, screen);
  for (const warning of asking.warnings) screen.complain(warning);
  const answer = await ask(account, asking.query, config, retryLines(options, screen, process.stderr));
  if (answer === null || !answer.ok) {
    screen.complain(answer === null ? 'It was stopped before the API answered.' : answer.failure.message);
    return 1;
  }
  return show(answer.page, account, asking.query, now, { config, options, screen });
}

function refuse(problem: string, screen: Screen): ExitCode {
  screen.complain(problem);
  return 2;
}

/** null: stopped by a signal. */
async function ask(account: AccountConfig, query: PageQuery, config: Config, log: Log): Promise<ReadResult | null> {
  const how = { config, clock: systemClock, random: Math.random, log };
  const reader = createAccountReader(how)(account);
  const signal = stopSignal();
  try {
    return await reader.read(query, 'command', signal);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    await reader.close();
  }
}

function show(
  page: Page,
  account: AccountConfig,
  query: PageQuery,
  at: EpochMs,
  { config, options, screen }: { config: Config; options: ListOptions; screen: Screen },
): ExitCode {
  const request = JSON.parse(requestBody(query, account.utcOffsetMs)) as Asked['request']; // what was sent, in the vendor's names
  const asked: Asked = { account: account.name, at, query, request };
  if (options.json === true) printJsonList(screen, remoteHead(page, asked), 'tasks', page.rows, remoteTaskJson);
  else {
    const speaker = speakerFor(config, options.language);
    const rows = page.rows.map((task) => ({ account: account.name, task, revision: null }));
    for (const line of listTable(rows, silencesByTask({ acks: [], mutes: [] }), at, speaker, screen))
      screen.print(line);
    if (rows.length > 0) screen.print('');
    for (const line of remoteFooter(page, asked, speaker)) screen.print(line);
  }
  for (const value of page.unknownValues)
    screen.complain(`The API answered ${value}, which this version does not know; it is shown as it is.`);
  const problem = pageProblem(page, asked);
  if (problem !== null) screen.complain(problem);
  return problem === null ? 0 : 1;
}
