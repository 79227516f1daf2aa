/** Something that happens in a lane of the timeline at one of its columns. */
export interface Happening {
  readonly lane: string;
  /** From 0; below 0: before the chart begins. */
  readonly column: number;
  readonly tasks: number;
  readonly dataLoss: boolean;
  /** The moment is that of the authorization: nobody saw it start. */
  readonly authorized: boolean;
  /** Where one that is alone leads to. */
  readonly href: string;
  /** Which one it is and when, to the minute; null: not known. Asked only of one that is alone: a thousand of them cost milliseconds. */
  readonly says: (() => string) | null;
}

/** All of one lane in one column. */
export interface Mark {
  readonly column: number;
  readonly tasks: number;
  readonly dataLoss: number;
  readonly authorized: number;
  readonly href: string | null;
  /** Of one task that is alone. */
  readonly says: string | null;
}

export interface Lane {
  /** null: the lanes that have no row of their own. */
  readonly name: string | null;
  /** How many lanes it stands for. */
  readonly lanes: number;
  readonly marks: readonly Mark[];
}

export const MOST_LANES = 20;

/** Gathers what happens into rows, the one with the earliest mark first; beyond the most rows the rest shares one. Pure. */
export function lanesOf(happenings: readonly Happening[]): readonly Lane[] {
  const byLane = [...Map.groupBy(happenings, ({ lane }) => lane)].toSorted(
    ([a, here], [b, there]) => earliest(here) - earliest(there) || (a < b ? -1 : 1),
  );
  const whole = byLane.length <= MOST_LANES ? byLane : byLane.slice(0, MOST_LANES - 1);
  const rest = byLane.slice(whole.length);
  return [
    ...whole.map(([name, here]) => ({ name, lanes: 1, marks: marksOf(here) })),
    ...(rest.length === 0
      ? []
      : [{ name: null, lanes: rest.length, marks: marksOf(rest.flatMap(([, here]) => here)) }]),
  ];
}

function earliest(happenings: readonly Happening[]): number {
  return happenings.reduce((first, { column }) => Math.min(first, column), Number.POSITIVE_INFINITY);
}

/** What is before the chart stands in its first column. */
function marksOf(happenings: readonly Happening[]): readonly Mark[] {
  const byColumn = Map.groupBy(happenings, ({ column }) => Math.max(0, column));
  return [...byColumn]
    .toSorted(([a], [b]) => a - b)
    .map(([column, here]) => {
      const tasks = tasksOf(here);
      return {
        column,
        tasks,
        dataLoss: tasksOf(here.filter(({ dataLoss }) => dataLoss)),
        authorized: tasksOf(here.filter(({ authorized }) => authorized)),
        href: tasks === 1 ? (here[0]?.href ?? null) : null,
        says: tasks === 1 ? (here[0]?.says?.() ?? null) : null,
      };
    });
}

/** How many tasks these are together. */
export function tasksOf(happenings: readonly Pick<Happening, 'tasks'>[]): number {
  return happenings.reduce((sum, { tasks }) => sum + tasks, 0);
}
