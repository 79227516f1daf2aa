export type JsonObject = Readonly<Record<string, unknown>>;

/** The text as JSON; undefined where it is not JSON, which no JSON text can be. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says what is wrong in its own vendor's words
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
