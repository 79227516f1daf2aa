import { deliveryJson } from '../json/delivery-json.ts';
import type { Speaker } from '../messages/speak.ts';
import type { DeliveryRecord } from '../store/store.ts';
import type { ExitCode } from './exit-code.ts';
import { fittingTable } from './fitting-table.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { CommonOptions, Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { withStore } from './with-store.ts';

export interface DeliveriesOptions extends CommonOptions {
  readonly state?: DeliveryRecord['state'];
  readonly limit: number;
  readonly json?: boolean;
}

/** `deliveries`: what became of each message, newest first. */
export async function deliveries(options: DeliveriesOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const { state, limit } = options;
  const { records, backlog, heldBack } = await withStore(read.config, 'reader', async (store) => ({
    records: await store.deliveries(state === undefined ? { limit } : { state, limit }),
    backlog: await store.backlog(),
    heldBack: await store.heldBack(),
  }));
  if (options.json === true) {
    printJson(screen, records.map(deliveryJson));
    return 0;
  }
  const speaker = speakerFor(read.config);
  if (records.length === 0) screen.print(state === undefined ? 'There is no message yet.' : `No message is ${state}.`);
  else for (const line of deliveriesTable(records, speaker, screen.columns)) screen.print(line);
  const { waiting, dead } = backlog;
  if (waiting + dead > 0)
    screen.print(
      `\n${waiting} waiting, ${dead} dead${dead > 0 ? '; `repairwatch requeue --all` sends the dead again' : ''}`,
    );
  if (heldBack > 0)
    screen.print(
      `\n${heldBack} ${heldBack === 1 ? 'alert is' : 'alerts are'} held back by mutes or acknowledgements; \`repairwatch explain ID\` shows those of a task.`,
    );
  return 0;
}

const WIDE = ['Key', 'Channel', 'Kind', 'State', 'Tries', 'Made', 'Settled or due', 'Tasks'].map((heading) => ({
  heading,
  shrinks: heading === 'Channel',
}));
const NARROW = WIDE.filter(({ heading }) => heading !== 'Made' && heading !== 'Tasks');

/** A line for each message, its reason below; where the terminal is too narrow its tasks stand there too, and the zone once at the end. */
export function deliveriesTable(
  records: readonly DeliveryRecord[],
  speaker: Speaker,
  width: number,
): readonly string[] {
  const begin = ({ key, channel, kind, state, attempts }: DeliveryRecord) => [
    key,
    speaker.outside(channel),
    kind,
    state,
    String(attempts),
  ];
  const settledOrDue = ({ settledAt, nextAt }: DeliveryRecord, time: Speaker['time']): string => {
    const at = settledAt ?? nextAt;
    return at === null ? '' : time(at);
  };
  const tasks = records.map(({ taskIds }) => tasksCell(taskIds, speaker));
  const wide = records.map((record, i) => [
    ...begin(record),
    speaker.time(record.madeAt),
    settledOrDue(record, speaker.time),
    tasks[i] ?? '',
  ]);
  const reasons = records.map(({ reason }) => reason);
  const below = reasons.map((reason, i) => [tasks[i], reason].filter((each) => (each ?? '') !== '').join(' · '));
  return fittingTable(
    { columns: WIDE, rows: wide, below: reasons },
    (time) => ({
      columns: NARROW,
      rows: records.map((record) => [...begin(record), settledOrDue(record, time)]),
      below,
    }),
    speaker,
    width,
  );
}

const IDS_SHOWN = 3;

function tasksCell(ids: readonly string[], speaker: Speaker): string {
  const shown = ids.slice(0, IDS_SHOWN).map((id) => speaker.outside(id));
  return ids.length > IDS_SHOWN ? `${shown.join(' ')} +${ids.length - IDS_SHOWN}` : shown.join(' ');
}
