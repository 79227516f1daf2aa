/** What trying one thing came to; `says` is one sentence fragment for people, with the remedy where it failed. */
export interface Trial {
  /** E.g. `account prod`, `channel ops-mail`, `store`. */
  readonly what: string;
  readonly ok: boolean;
  readonly says: string;
  readonly tookMs: number;
}
