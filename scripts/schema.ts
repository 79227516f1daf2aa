/** Writes `config/schema.json`, by which editors check and complete a configuration, from the schema that the program itself uses. */
import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { configSchema } from '../src/config/schema.ts';

/** The file's text. Draft 7, because editors' YAML servers know no newer one well. */
export function schemaText(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'repairwatch configuration', ...schema }, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(new URL('../config/schema.json', import.meta.url), schemaText());
