/** What a `StoreError` may come with. */
export interface StoreErrorOptions extends ErrorOptions {
  /** True where nothing at all can be written while it lasts, as when a server is away: the first write that succeeds proves that it is over. */
  readonly isWhole?: boolean;
}

/** The store's expected trouble: one sentence for people with the thing, the value and the remedy. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly isWhole: boolean;

  constructor(message: string, { isWhole = false, ...options }: StoreErrorOptions = {}) {
    super(message, options);
    this.isWhole = isWhole;
  }
}
