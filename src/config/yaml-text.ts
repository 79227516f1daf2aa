import { LineCounter, parseDocument } from 'yaml';
import type { Raw } from './raw.ts';

export type YamlRead =
  | { readonly ok: true; readonly value: Raw }
  | { readonly ok: false; readonly problems: readonly string[] };

const LONGEST_TEXT = 1_000_000;
const MOST_ALIASES = 100;
const MOST_PROBLEMS = 5;
const HINT = ` (inside { } and [ ], put "\${…}" in quotes)`;

/** The parser's own texts quote the file, and with it secrets; these do not. */
const SENTENCES: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias (*name) cannot carry an anchor or a tag',
  BAD_ALIAS: 'this alias (*name) is not well formed; quote texts that start with *',
  BAD_DIRECTIVE: 'this % directive is not known; remove the line or quote the text',
  BAD_DQ_ESCAPE: "this backslash escape is not known; write \\\\ for a backslash, or use '…' quotes",
  BAD_INDENT: 'this line is not indented like its neighbours',
  BAD_SCALAR_START: 'a text cannot start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'there are two ": " in one line; put the text in quotes',
  BLOCK_IN_FLOW: 'a block cannot stand inside { } or [ ]',
  DUPLICATE_KEY: 'this key is written twice in the same mapping; keep one',
  KEY_OVER_1024_CHARS: 'a ":" is missing after the key',
  MISSING_CHAR: 'a closing quote, bracket, brace or a separator is missing',
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing after the key, or the line is not indented like its neighbours',
  MULTIPLE_DOCS: 'a second document starts here; a configuration is one document',
  NON_STRING_KEY: 'this key is not a text; put it in quotes',
  TAB_AS_INDENT: 'a tab is used to indent; use spaces',
  TAG_RESOLVE_FAILED: 'this tag (!name) is not known; quote texts that start with !',
  UNEXPECTED_TOKEN: 'this character is not expected here',
};

/** One YAML 1.2 document as plain data. Each problem is a sentence with line and column (from 1) that quotes nothing of the file. */
export function readYaml(text: string): YamlRead {
  if (text.length > LONGEST_TEXT) {
    return { ok: false, problems: [`it has ${text.length} characters; at most ${LONGEST_TEXT} are read`] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, merge: true });
  const problems = new Map<number, string>();
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(pos[0]);
    if (problems.has(line)) continue; // one slip makes the parser stumble several times on its line
    const hint = text.split('\n')[line - 1]?.includes('${') ? HINT : '';
    problems.set(line, `line ${line}, column ${col}: ${SENTENCES[code] ?? 'this is not valid YAML'}${hint}`);
  }
  if (problems.size > 0) return { ok: false, problems: [...problems.values()].slice(0, MOST_PROBLEMS) };
  try {
    const value: Raw = document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {};
    JSON.stringify(value); // throws for a value that holds itself, which an alias inside its own anchor makes
    return { ok: true, value };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      return { ok: false, problems: ['an alias (*name) stands inside its own anchor (&name)'] };
    if (!(error instanceof ReferenceError)) throw error;
    const sentence = `an alias (*name) has no anchor (&name) before it, or aliases repeat more than ${MOST_ALIASES} times`;
    return { ok: false, problems: [sentence] };
  }
}
