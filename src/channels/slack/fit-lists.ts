/** A line of a list in three lengths, each saying no less than it must. */
export interface ListLine {
  readonly forms: readonly [full: string, compact: string, minimal: string];
  /** Stays whatever else goes: a data-loss task. */
  readonly must: boolean;
  /** How many tasks go untold when the line is left out. */
  readonly weight: number;
}

export interface LineList {
  readonly lines: readonly ListLine[];
  more(count: number): string;
}

const FORMS = [0, 1, 2] as const;
/** Of what is left when not everything fits in full, the lines that must stay take at most this share in their longer forms. */
const MUST_SHARE = 0.8;
export interface Room {
  /** For all lists together, in the unit of `cost`. */
  readonly room: number;
  /** What a list costs besides its lines: heading, blocks, the "and N more" line. */
  readonly overhead: number;
  cost(line: string): number;
}

/**
 * Fits lists into `room`: everything in full, else compact, else minimal; and where even that is too long, the lines that must stay
 * first, then each list its share, with the number of what was left out.
 */
export function fitLists(lists: readonly LineList[], { room, overhead, cost }: Room): string[][] {
  const costOf = (line: ListLine, form: 0 | 1 | 2): number => cost(line.forms[form]);
  const space = room - lists.length * overhead;
  const everything = FORMS.find(
    (form) => sum(lists.flatMap(({ lines }) => lines.map((l) => costOf(l, form)))) <= space,
  );
  if (everything !== undefined) return lists.map(({ lines }) => lines.map((line) => line.forms[everything]));

  const musts = lists.flatMap(({ lines }) => lines.filter(({ must }) => must));
  const mustCost = (form: 0 | 1 | 2): number => sum(musts.map((line) => costOf(line, form)));
  const mustForm = FORMS.find((form) => mustCost(form) <= space * MUST_SHARE) ?? 2;
  let mustRoom = space;
  let spare = Math.max(0, space - mustCost(mustForm));
  return lists.map(({ lines, more }, at) => {
    const share = spare / (lists.length - at);
    let used = 0;
    let untold = 0;
    let full = false;
    const shown: string[] = [];
    for (const line of lines) {
      const form = line.must ? mustForm : 1;
      const price = costOf(line, form);
      const fits = line.must ? price <= mustRoom : !full && used + price <= share;
      if (!fits) {
        untold += line.weight;
        full = true;
      } else shown.push(line.forms[form]);
      if (fits && line.must) mustRoom -= price;
      if (fits && !line.must) used += price;
    }
    spare -= used;
    return untold > 0 ? [...shown, more(untold)] : shown;
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
