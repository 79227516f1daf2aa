/** What the parts of the service count for whoever watches it from outside; a part that is handed none counts nothing. */
export interface Meter {
  /** A reading of an account has ended and is in the ledger. */
  read(account: string, kind: string, result: string): void;
  /** A request to the API has its outcome: `OK`, the API's code, or ours. */
  requested(account: string, code: string, throttled: boolean): void;
  /** A try to deliver a message has been settled as this. */
  settled(channel: string, state: string): void;
  /** A channel has accepted what was seen so many milliseconds before. */
  told(channel: string, afterMs: number): void;
  /** A transaction of the store begins; what is returned is called at its end. */
  transaction(kind: 'read' | 'write'): () => void;
  /** The configuration was read again, and applied or refused. */
  reloaded(isApplied: boolean): void;
}

/** Parts are made before anybody listens: what they count goes nowhere until `to` is called, and there from then on. */
export interface MeterRelay extends Meter {
  to(meter: Meter): void;
}

export function createMeterRelay(): MeterRelay {
  let listener: Meter | null = null;
  return {
    to(meter) {
      listener = meter;
    },
    read: (account, kind, result) => listener?.read(account, kind, result),
    requested: (account, code, throttled) => listener?.requested(account, code, throttled),
    settled: (channel, state) => listener?.settled(channel, state),
    told: (channel, afterMs) => listener?.told(channel, afterMs),
    transaction: (kind) => listener?.transaction(kind) ?? (() => undefined),
    reloaded: (isApplied) => listener?.reloaded(isApplied),
  };
}
