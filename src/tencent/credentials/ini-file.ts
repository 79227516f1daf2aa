import type { Env } from '../dispatcher.ts';
import { absent, type CredentialFinder, type Found } from './credential-finder.ts';
import { keyOfTexts } from './key-of-texts.ts';

/** The whole text of a file; rejects as node:fs does. */
export type ReadTextFile = (path: string) => Promise<string>;

/** `[default] secret_id, secret_key, token` of the first credentials file that exists and may be read; the one that a variable names must be readable if it exists. */
export function iniFileFinder(env: Env, readFile: ReadTextFile): CredentialFinder {
  return {
    name: 'the credentials file',
    async find() {
      const named = env['TENCENTCLOUD_CREDENTIALS_FILE'];
      const missing: string[] = [];
      const closed: string[] = [];
      for (const path of pathsBy(env)) {
        const text = await read(readFile, path);
        if (text.ok) return fromText(path, text.value);
        const isMissing = text.code === 'ENOENT' || text.code === 'ENOTDIR';
        // Where HOME is another user's, as in many containers, even the folder is closed to us: that says nothing of the next file.
        if (!isMissing && path === named) return absent(`${path} cannot be read: ${text.code}`);
        if (isMissing) missing.push(path);
        else closed.push(`${path} cannot be read: ${text.code}`);
      }
      const gone = `${missing.join(' and ')} ${missing.length === 1 ? 'does' : 'do'} not exist`;
      return absent([...closed, ...(missing.length > 0 ? [gone] : [])].join(', '));
    },
  };
}

function pathsBy(env: Env): readonly string[] {
  const named = env['TENCENTCLOUD_CREDENTIALS_FILE'];
  const home = env['HOME'] ?? env['USERPROFILE'];
  const inHome = home ? `${home}/.tencentcloud/credentials` : '';
  return [named, inHome, '/etc/tencentcloud/credentials'].flatMap((path) => (path ? [path] : []));
}

type FileText = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly code: string };

async function read(readFile: ReadTextFile, path: string): Promise<FileText> {
  try {
    return { ok: true, value: await readFile(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { ok: false, code };
  }
}

function fromText(path: string, text: string): Found {
  const values = sectionDefault(text);
  const secretId = values.get('secret_id');
  const secretKey = values.get('secret_key');
  if (!secretId || !secretKey) return absent(`${path} has no secret_id and secret_key under [default]`);
  const credential = keyOfTexts(secretId, secretKey, values.get('token'));
  if (credential === null) return absent(`${path} has a key with characters that no key has`);
  return { kind: 'found', credential, from: `the file ${path}` };
}

/** `name = value` lines of [default], read as the official SDKs do: `#` and `;` begin comments, also after a value, which may stand in quotes. */
function sectionDefault(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const header = /^\s*\[([^\]]*)\]\s*(?:[#;].*)?$/.exec(line);
    const pair = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (header) section = (header[1] ?? '').trim();
    else if (pair && section === 'default') values.set(pair[1] ?? '', bare(pair[2] ?? ''));
  }
  return values;
}

function bare(value: string): string {
  const quoted = /^(["'])(.*?)\1\s*(?:[#;].*)?$/.exec(value);
  return quoted?.[2] ?? value.replace(/\s*[#;].*$/, '');
}
