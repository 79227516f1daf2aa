import { expect, it } from 'vitest';
import { replicaReport } from '../../bench/chaos/replicas/replica-report.ts';
import { runReplicas } from '../../bench/chaos/replicas/run-replicas.ts';
import { storiesOf, wrongOf } from '../../bench/chaos/report.ts';

it('three replicas of which one is killed, one frozen past its lease and one parted from the database miss nothing and tell nothing twice', {
  timeout: 600_000,
}, async () => {
  const result = await runReplicas({
    ...{ replicas: 3, accounts: 12, seed: 20_261_124, seconds: 0, firstRungsAfterMs: [], print: () => undefined },
    everySeconds: 3,
    spans: { downMs: [0, 0], pastLeaseMs: [17_000, 18_000], shortShare: 0 },
    upsets: [
      ['kill', 'is answered by the API'],
      ['freeze', 'has a message taken'],
      ['hold', 'is answered by the API'],
    ],
  });
  expect(wrongOf(result), [...replicaReport(result), ...storiesOf(result)].join('\n')).toEqual([]);
  expect(result.journal.upsets.map(({ kind }) => kind)).toEqual(['kill', 'freeze', 'hold']);
  expect(result.handovers.count).toBeGreaterThan(0);
});
