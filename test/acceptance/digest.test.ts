import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServiceKit, startKit } from '../support/service-kit.ts';

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
  kit.configure({
    digests: [{ name: 'morning', schedule: '*/4 * * * * *', timezone: 'Asia/Shanghai', channels: ['mail'] }],
  });
});

afterEach(() => kit.close());

describe('a digest', () => {
  it('tells what waits, what is new and what left, each change in one digest only, and threads as mail does', async () => {
    const world = kit.sandbox.world();
    const service = kit.start();
    await service.polls(1);
    world.add({ TaskId: 'rep-digest01', Alias: '订单服务' });
    world.add({ TaskId: 'rep-digest02', TaskTypeId: 103, AuthType: 8 });
    const first = await kit.mail.messages.until((message) => (message.email.text ?? '').includes('rep-digest01'));
    expect(first.email.text).toContain('订单服务');
    expect(first.email.html).toContain('rep-digest02');
    expect((first.email.text ?? '').indexOf('rep-digest02')).toBeLessThan(
      (first.email.text ?? '').indexOf('rep-digest01'),
    );
    world.set('rep-digest01', { TaskStatus: 5 });
    world.set('rep-digest02', { TaskStatus: 2, AuthSource: 'System_mandatory_auth' });
    await kit.mail.messages.until(
      (message) => message !== first && (message.email.text ?? '').includes('系统默认授权'),
    );
  });

  it('never says that nothing is pending while an account could not be read', async () => {
    kit.sandbox.fault({ kind: 'internal-error' });
    kit.start();
    const mail = await kit.mail.messages.until((message) => message.email.subject?.includes('morning') ?? false);
    const text = `${mail.email.subject} ${mail.email.text} ${mail.email.html}`;
    expect(text).not.toMatch(/没有待授权|nothing pending/i);
  });
});
