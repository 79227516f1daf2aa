/** A numbered step of the schema, applied whole in one transaction. Once released it never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** For every engine, or for the one that it is named for. */
  readonly statements: readonly (string | { readonly sqlite: string })[];
}
