import type { Arrival } from '../../src/sandbox/sandbox.ts';

/** For a fault's `when`: holds from a poll's first request on, so that no poll is hit in its middle. One for each account. */
export function fromTheNextPoll(): (arrival: Arrival) => boolean {
  let begun = false;
  return ({ body }) => {
    begun ||= body.includes('"TaskStatus":[1,2,4]');
    return begun;
  };
}
