/** A number of places, so that only so many do something at a time; who waits is served in order. */
export interface Places {
  /** Resolves with the way to leave once a place is free; leaving twice is leaving once. Rejects with the signal's reason when it is aborted first. */
  enter(signal: AbortSignal): Promise<() => void>;
}

export function createPlaces(count: number): Places {
  let free = count;
  const waiting = new Set<() => void>();

  function leaver(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const [next] = waiting;
      if (next === undefined) free += 1;
      else next();
    };
  }

  return {
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(leaver());
      }
      return new Promise((resolve, reject) => {
        const settle = (): void => {
          waiting.delete(proceed);
          signal.removeEventListener('abort', give);
        };
        const proceed = (): void => {
          settle();
          resolve(leaver());
        };
        const give = (): void => {
          settle();
          reject(signal.reason);
        };
        waiting.add(proceed);
        signal.addEventListener('abort', give, { once: true });
      });
    },
  };
}
