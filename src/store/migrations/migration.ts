/** A numbered step of the schema, applied whole in one transaction. Once released it never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}
