/** Something that was lent. */
export interface Loan<T> {
  readonly thing: T;
  /** Once for each borrower; the last one's closes it, later calls do nothing. */
  giveBack(): Promise<void>;
}

/** Lends things by a key: made for the first borrower, closed when the last one has given it back, made anew for whoever comes then. */
export function createLoans<T>(close: (thing: T) => Promise<void>): { borrow(key: string, make: () => T): Loan<T> } {
  const lent = new Map<string, { readonly thing: T; borrowers: number }>();
  return {
    borrow(key, make) {
      const loan = lent.get(key) ?? { thing: make(), borrowers: 0 };
      lent.set(key, loan);
      loan.borrowers += 1;
      let isOut = true;
      return {
        thing: loan.thing,
        async giveBack() {
          if (!isOut) return;
          isOut = false;
          loan.borrowers -= 1;
          if (loan.borrowers > 0) return;
          lent.delete(key);
          await close(loan.thing);
        },
      };
    },
  };
}
