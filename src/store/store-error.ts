/** The store's expected trouble: one sentence for people with the thing, the value and the remedy. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
