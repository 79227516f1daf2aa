import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerSchema, misfits } from '../support/open-api.ts';
import { type ServedProgram, serveProgram } from '../support/served-program.ts';

let served: ServedProgram;

beforeAll(async () => {
  served = await serveProgram(2);
});

afterAll(() => served.close());

const nothing = {};

describe('the built program, for machines', () => {
  it('says without a token that it lives and is ready, and wants one for everything else', async () => {
    expect(await served.get('/healthz', nothing)).toEqual({ status: 200, text: 'ok\n' });
    expect(await served.get('/readyz', nothing)).toEqual({ status: 200, text: 'ready\n' });
    for (const path of ['/metrics', '/api/tasks', '/feed.ics'])
      expect(await served.get(path, nothing)).toMatchObject({ status: 401 });
    expect(await served.get('/metrics', { Authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
    await served.service.waitForLog('login-refused', ({ client, way }) => client === '127.0.0.1' && way === 'bearer');
  });

  it('counts what its parts do', async () => {
    const { text } = await served.get('/metrics');
    for (const line of [
      /^repairwatch_polls_total\{account="prod",kind="poll",result="complete"\} [1-9]/m,
      /^repairwatch_api_requests_total\{account="prod",code="OK"\} [1-9]/m,
      /^repairwatch_messages_total\{channel="slack",outcome="delivered"\} [1-9]/m,
      /^repairwatch_delivery_latency_seconds_count\{channel="slack"\} [1-9]/m,
      /^repairwatch_database_transaction_seconds_count\{kind="write"\} [1-9]/m,
      /^repairwatch_database_transaction_seconds_count\{kind="read"\} [1-9]/m,
      /^repairwatch_open_tasks\{account="prod",status="pending",.*\} [12]$/m,
      /^repairwatch_account_known\{account="prod"\} 1$/m,
    ])
      expect(text).toMatch(line);
  });

  it('shows its tasks as JSON, as a calendar, and to an export beside it, all the same', async () => {
    const { tasks } = JSON.parse((await served.get('/api/tasks')).text) as { tasks: readonly { taskId: string }[] }; // as docs/openapi.yaml says
    const ids = tasks.map(({ taskId }) => taskId);
    expect(ids).toHaveLength(2);
    const { code, stdout, stderr } = await served.stage.run(['export']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(
      stdout
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[1]),
    ).toEqual(ids);
    const listed = await served.stage.run(['list', '--json']);
    const exported = await served.stage.run(['export', '--format', 'json', '--state', 'open']);
    const tasksOf = (text: string) => (JSON.parse(text) as { tasks: readonly object[] }).tasks; // as --help says
    expect(tasksOf(exported.stdout)).toEqual(tasksOf(listed.stdout).map((task) => ({ ...task, ending: null })));
    const feed = (await served.get('/feed.ics')).text;
    const calendar = await served.stage.run(['export', '--state', 'open', '--format', 'ics']);
    expect(calendar.stdout).toBe(feed);
    expect(feed.match(/BEGIN:VEVENT/g)).toHaveLength(2);
  });

  it('prints as JSON what docs/openapi.yaml describes', async () => {
    const printed = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await served.stage.run([...args, '--json'])).stdout);
    const part = (await printed('list')) as { tasks: readonly { taskId: string }[] }; // what is checked below
    const tasks = part.tasks.map((task) => ({ ...task, ending: null }));
    expect(misfits({ ...part, tasks, next: null }, answerSchema('/api/tasks', 200) ?? {})).toEqual([]);
    const stories = await printed('explain', part.tasks[0]?.taskId ?? '');
    expect(misfits({ tasks: stories }, answerSchema('/api/tasks/{id}', 200) ?? {})).toEqual([]);
    for (const name of ['polls', 'deliveries']) {
      const list = { [name]: await printed(name), next: null };
      expect(misfits(list, answerSchema(`/api/${name}`, 200) ?? {})).toEqual([]);
    }
  });

  it('refuses a wrong option of an export with a sentence', async () => {
    const { code, stderr } = await served.stage.run(['export', '--account', 'prud']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('did you mean prod') });
  });
});
