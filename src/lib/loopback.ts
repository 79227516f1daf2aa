import { isIPv4 } from 'node:net';

/** True for a host that never leaves this machine: `localhost` and its subdomains, 127.0.0.0/8, `::1` (with or without brackets). */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
  );
}
