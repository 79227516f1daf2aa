import type * as z from 'zod';
import { nearestName } from '../lib/nearest-name.ts';
import { type Finding, type Path, pathName } from './problem.ts';
import { shownValue } from './shown-value.ts';
import type { Source } from './source.ts';

/** The schema's issues as findings. Their messages are clauses about what is allowed; see `schema-leaves.ts`. */
export function schemaFindings(source: Source, issues: readonly z.core.$ZodIssue[]): readonly Finding[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') return unknownKeys(path, issue.keys, issue.message.split(' '));
    if (issue.code === 'invalid_key') {
      return [{ path, says: `is not a name that can be used; ${issue.issues[0]?.message ?? issue.message}` }];
    }
    return [{ path, says: `${shownValue(source, path)}; ${issue.message}` }];
  });
}

function unknownKeys(parent: Path, keys: readonly string[], known: readonly string[]): readonly Finding[] {
  return keys.map((key) => {
    const path = [...parent, key];
    const near = nearestName(key, known);
    if (near !== null) return { path, says: `is not known; did you mean ${pathName([...parent, near])}?` };
    return { path, says: `is not known; known here are ${known.join(', ')}` };
  });
}
