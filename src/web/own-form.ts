interface Asked {
  header(name: string): string | undefined;
}

/**
 * True for a form that this site's own page sent: browsers name the origin of every POST and where it came from, and a script elsewhere
 * cannot change either. Programs that name none are no browsers, and carry no cookie that could be misused.
 */
export function isOwnForm(asked: Asked): boolean {
  const site = asked.header('Sec-Fetch-Site');
  // Tells more than the origin does: a proxy in between may have changed the host.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = asked.header('Origin');
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === asked.header('Host');
}
