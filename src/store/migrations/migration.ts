/** A numbered step of the schema, applied whole in one transaction. Once released it never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /**
   * The oldest schema whose programs go on working on the store after this step; left out: no older one. A step that only adds (a table, an index, a
   * column that may be null or has a default) names the schema before it; one that takes something away names the first whose programs do without it.
   */
  readonly compatibleFrom?: number;
  /** For every engine, or for those that are named. */
  readonly statements: readonly (string | { readonly sqlite?: string; readonly postgres?: string })[];
}
