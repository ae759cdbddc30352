import { type Signer, toHex, usccCheckCharacter } from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';

/** One enterprise of a made-up roster, with the key it signs with. */
export interface Enterprise {
  readonly id: string;
  /** The two profiles that it may record in. */
  readonly profiles: readonly [string, string];
  readonly signer: Signer;
}

/** A roster in CSV: who is sound in it, and the lines that must be refused, each with its code. */
export interface Roster {
  readonly csv: string;
  readonly enterprises: readonly Enterprise[];
  readonly wrong: ReadonlyMap<number, string>;
}

/** After so many sound lines comes one that is wrong. */
const WRONG_EVERY = 100;
const DIVISIONS = ['110000', '120000', '350100', '430000', '510100', '650000'];
const LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** The name of enterprise `i`. */
export function nameOf(i: number): string {
  return `演示企业, ${i}`;
}

/** The code of enterprise `i`: `91`, a division, nine characters, the check character. */
function codeOf(i: number): string {
  const first = `91${DIVISIONS[i % DIVISIONS.length]}${String(i).padStart(9, '0')}`;
  return first + usccCheckCharacter(first)!;
}

/** So many enterprises, at home with these members in turn, and one wrong line for every hundred of them. */
export function rosterOf(count: number, homes: readonly string[], profiles: readonly string[]): Roster {
  const { hasher } = nativeSuite;
  const enterprises = Array.from({ length: count }, (_, i): Enterprise => {
    const signer = nativeSigner(hasher.digest(new TextEncoder().encode(`enterprise ${i}`)));
    const [one, other] = [i, i + 7].map(at => profiles[at % profiles.length]!);
    return { id: codeOf(i), profiles: [one!, other!], signer };
  });
  const lines = ['code,name,home,key,roles,quota'];
  const wrong = new Map<number, string>();
  for (const [i, { id, profiles: allowed, signer }] of enterprises.entries()) {
    const row = (code: string, home: string, roles: string): number =>
      lines.push(`${code},"${nameOf(i)}",${home},${toHex(signer.publicKey)},${roles},`);
    const home = homes[i % homes.length]!;
    row(id, home, allowed.join(' '));
    if (i % WRONG_EVERY !== WRONG_EVERY - 1) continue;
    const fresh = codeOf(count + i);
    const next = LETTERS[(LETTERS.indexOf(fresh.at(-1)!) + 1) % LETTERS.length]!;
    const bad = [
      ['bad-uscc', () => row(fresh.slice(0, 17) + next, home, 'policy')],
      ['bad-uscc', () => row(fresh.slice(0, 17), home, 'policy')],
      ['named-twice', () => row(id, home, 'policy')],
      ['bad-home', () => row(fresh, '990000', 'policy')],
      ['bad-role', () => row(fresh, home, '')],
    ] as const;
    const [code, write] = bad[Math.floor(i / WRONG_EVERY) % bad.length]!;
    wrong.set(write(), code);
  }
  return { csv: `${lines.join('\r\n')}\r\n`, enterprises, wrong };
}
