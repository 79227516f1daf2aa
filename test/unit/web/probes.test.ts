import { describe, expect, it } from 'vitest';
import { SECOND_MS } from '../../../src/lib/clock.ts';
import { T0 } from '../../support/store-world.ts';
import { openWebStage, type WebStage } from '../../support/web-stage.ts';

/** Asked as an orchestrator asks: without a token. */
const ask = async ({ app }: WebStage, path: string) => {
  const answer = await app.request(path);
  return { status: answer.status, text: await answer.text() };
};

async function beating(...loops: readonly string[]): Promise<WebStage> {
  const stage = await openWebStage();
  for (const loop of loops) await stage.store.beat({ loop, at: T0, withinMs: 90 * SECOND_MS });
  return stage;
}

describe('the probes', () => {
  it('say without a token that the process lives', async () => {
    expect(await ask(await openWebStage(), '/healthz')).toEqual({ status: 200, text: 'ok\n' });
  });

  it('say that it is ready while loops of each kind beat, and name none of them', async () => {
    const stage = await beating('clock', 'polls prod', 'lane slack');
    expect(await ask(stage, '/readyz')).toEqual({ status: 200, text: 'ready\n' });
    await stage.clock.advance(90 * SECOND_MS);
    expect(await ask(stage, '/readyz')).toEqual({ status: 503, text: 'not ready\n' });
  });

  it('say that it is not ready before the loops began', async () => {
    expect((await ask(await beating('clock', 'polls prod'), '/readyz')).status).toBe(503);
  });

  it('stay ready when one account of several no longer beats', async () => {
    const stage = await beating('clock', 'polls prod', 'polls test', 'lane slack');
    await stage.clock.advance(60 * SECOND_MS);
    for (const loop of ['clock', 'polls test', 'lane slack'])
      await stage.store.beat({ loop, at: stage.clock.now(), withinMs: 90 * SECOND_MS });
    await stage.clock.advance(60 * SECOND_MS);
    expect((await ask(stage, '/readyz')).status).toBe(200);
  });

  it('say that it is not ready while the store cannot be read', async () => {
    const gone = async (): Promise<never> => {
      throw new Error('the server is gone');
    };
    expect((await ask(await openWebStage({ beats: gone }), '/readyz')).status).toBe(503);
  });

  it('say that it is not ready while the store cannot be written, and write at most every five seconds', async () => {
    let writes = 0;
    const full = async (): Promise<void> => {
      writes += 1;
      throw new Error('disk full');
    };
    const stage = await openWebStage({ beat: full, beats: async () => beats });
    const beats = ['clock', 'polls prod', 'lane slack'].map((loop) => ({ loop, at: T0, withinMs: 90 * SECOND_MS }));
    for (let i = 0; i < 5; i += 1) expect((await ask(stage, '/readyz')).status).toBe(503);
    expect(writes).toBe(1);
    await stage.clock.advance(5 * SECOND_MS);
    await ask(stage, '/readyz');
    expect(writes).toBe(2);
  });
});
