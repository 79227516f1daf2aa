import { isIPv6 } from 'node:net';

/** Who an address belongs to, as far as it tells: an IPv4 address, or the /64 of an IPv6 one, all of which one host may use. */
export function clientOf(address: string | undefined): string {
  const [plain = ''] = (address ?? '').toLowerCase().split('%');
  const mapped = /^::ffff:([\d.]+)$/.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(plain)) return plain === '' ? 'unknown' : plain;
  const [head = [], tail = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const ends = tail.flatMap((group) => (group.includes('.') ? [group, group] : [group]));
  const groups = [...head, ...Array.from({ length: 8 - head.length - ends.length }, () => '0'), ...ends];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
