import type { ReadFile } from './source.ts';

export type TextRead = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  ENOTFILE: 'is a device and not a file',
  EFBIG: 'is larger than 4 MB',
  ENOTDIR: 'does not exist, because a part of its path is not a folder',
};

/** The text of a file; `why` is a fragment after its name, such as "does not exist". */
export function readText(path: string, readFile: ReadFile): TextRead {
  try {
    return { ok: true, text: readFile(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no code';
    return { ok: false, why: REASONS[code] ?? `cannot be read (${code})` };
  }
}

/** A secret from a file, without the newlines that editors and `echo` put at its end; an empty file is a failure. */
export function readSecretText(path: string, readFile: ReadFile): TextRead {
  const read = readText(path, readFile);
  if (!read.ok) return read;
  const text = read.text.replace(/[\r\n]+$/, '');
  return text === '' ? { ok: false, why: 'is empty' } : { ok: true, text };
}
