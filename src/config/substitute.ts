import { type Finding, type Path, pathName } from './problem.ts';
import { isMapping, type Raw } from './raw.ts';
import { readSecretText } from './read-text.ts';
import type { ReadFile } from './source.ts';

export interface Substituted {
  readonly raw: Raw;
  readonly findings: readonly Finding[];
  /** `pathName` → the references in the value, as written. */
  readonly references: ReadonlyMap<string, readonly string[]>;
}

interface Work {
  readonly env: NodeJS.ProcessEnv;
  readonly readFile: ReadFile;
  readonly findings: Finding[];
  readonly references: Map<string, readonly string[]>;
}

/** `$${` (an escape), a whole reference, or one that is not closed. */
const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;

/**
 * Replaces `${NAME}` by the environment variable and `${file:PATH}` by the file's text, in every text of the configuration but not in keys.
 * `$${` stands for `${`. What is put in is not searched again. A variable that is set to nothing counts as missing.
 */
export function substitute(raw: Raw, env: NodeJS.ProcessEnv, readFile: ReadFile): Substituted {
  const work: Work = { env, readFile, findings: [], references: new Map() };
  const done = inValue(raw, [], work);
  return { raw: done, findings: work.findings, references: work.references };
}

function inValue(value: Raw, path: Path, work: Work): Raw {
  if (typeof value === 'string') return value.includes('${') ? inText(value, path, work) : value;
  if (Array.isArray(value)) return value.map((item, index) => inValue(item, [...path, index], work));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inValue(inner, [...path, key], work)]));
}

function inText(text: string, path: Path, work: Work): string {
  const references: string[] = [];
  const done = text.replaceAll(REFERENCE, (whole: string, inside: string | undefined, end: string | undefined) => {
    if (inside === undefined) return '${';
    references.push(`\${${inside}}`);
    const found = resolve(inside, end === '}', work);
    if (found.ok) return found.text;
    work.findings.push({ path, says: found.says });
    return whole;
  });
  if (references.length > 0) work.references.set(pathName(path), references);
  return done;
}

type Resolved = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly says: string };

function resolve(inside: string, closed: boolean, { env, readFile }: Work): Resolved {
  if (!closed) return { ok: false, says: `has a "\${" without its "}"; write $\${ where a text means \${ itself` };
  if (inside.startsWith('file:')) {
    const file = inside.slice('file:'.length);
    const read = readSecretText(file, readFile);
    return read.ok ? read : { ok: false, says: `refers to \${file:${file}}, but that file ${read.why}` };
  }
  if (!/^[A-Za-z_]\w*$/.test(inside)) {
    return { ok: false, says: `refers to \${${inside}}; it must be \${NAME}, \${file:PATH}, or $\${ for \${ itself` };
  }
  const text = env[inside];
  if (text !== undefined && text !== '') return { ok: true, text };
  const state = text === undefined ? 'is not set' : 'is empty';
  return { ok: false, says: `refers to \${${inside}}, but the environment variable ${inside} ${state}` };
}
