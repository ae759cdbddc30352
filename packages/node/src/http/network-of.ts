/** What counts as one client: an IPv4 address, or the 64-bit network of an IPv6 one, which a client has all of. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  if (!address.includes(':')) return address;
  const groups = address.split('::')[0]!.split(':');
  return Array.from({ length: 4 }, (_, i) => groups[i] || '0').join(':');
}
