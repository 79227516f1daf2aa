/** A write was refused, and nothing of it happened: somebody else holds the lease that it needs. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor(lease: string | null) {
    super(
      lease === null
        ? 'The write was refused: its lease was given back.'
        : `The write was refused: another replica holds the lease "${lease}" now.`,
    );
  }
}
