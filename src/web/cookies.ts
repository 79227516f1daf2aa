/** A cookie's value out of a Cookie header; null where it is not sent. Of several with one name the first counts. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

export interface CookieOptions {
  readonly maxAgeS: number;
  /** Sent over https only. */
  readonly secure: boolean;
  /** Not readable by scripts. */
  readonly httpOnly: boolean;
}

/** A Set-Cookie header for the whole site that no other site's request carries. `value`: characters of base64url, "." and "-" only. */
export function cookie(name: string, value: string, { maxAgeS, secure, httpOnly }: CookieOptions): string {
  const flags = [httpOnly ? '; HttpOnly' : '', secure ? '; Secure' : ''].join('');
  return `${name}=${value}; Path=/; Max-Age=${maxAgeS}; SameSite=Strict${flags}`;
}
