/** Numbers in [0, 1) that repeat for the same seed (mulberry32): chance as an argument. */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Shuffles `items[from, to)` in place (Fisher–Yates). */
export function shuffle<T>(items: T[], random: Random, from = 0, to = items.length): void {
  for (let last = to - 1; last > from; last--) {
    const other = from + Math.floor(random() * (last - from + 1));
    const held = items[last];
    const swapped = items[other];
    if (held === undefined || swapped === undefined) return;
    items[last] = swapped;
    items[other] = held;
  }
}
