/**
 * The digest that an address asks about, as `alg:hex`: `/#sha256:HEX`, as badges link to, or 64 digits alone for SHA-256.
 * Null for any other fragment.
 */
export function digestInLink(fragment: string): string | null {
  const [, alg = 'sha256', hex] = /^#(?:(sha256|sm3):)?([0-9a-f]{64})$/.exec(fragment.toLowerCase()) ?? [];
  return hex === undefined ? null : `${alg}:${hex}`;
}
