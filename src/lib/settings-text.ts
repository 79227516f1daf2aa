import { Secret } from './secret.ts';

/** Settings as a text that is the same for the same ones, secrets included, of which it tells nothing. */
export function settingsText(settings: unknown): string {
  return JSON.stringify(settings, function (this: Readonly<Record<string, unknown>>, name: string, value: unknown) {
    // As it was before its `toJSON`.
    const written = this[name];
    return written instanceof Secret ? written.fingerprint() : value;
  });
}
