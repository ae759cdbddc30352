import type { Entry, MetaValue } from '../records/entry.ts';
import type { EntryFlaw } from './check-fields.ts';
import { isDate, isRegion } from './formats.ts';
import type { ActionRules } from './profile-rules.ts';

// Neither stands inside a longer number, nor inside the hex of a hash, which by chance holds eleven digits in a row.
/** A resident identity number in outline (GB 11643-1999): region, date of birth, serial, check character. */
const IDENTITY = /(?<![0-9A-Fa-f])([1-9][0-9]{5})((?:18|19|20)[0-9]{6})[0-9]{3}[0-9Xx](?![0-9A-Fa-f])/g;
/** A mainland mobile number, with or without 86 and with its usual breaks. */
const MOBILE = /(?<![0-9A-Fa-f])(?:(?:\+|00)?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9A-Fa-f])/;
const FULL_WIDTH = /[\uff0b\uff0d\uff10-\uff19\uff38\uff58]/g;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

/**
 * A text of a person found in an entry's free texts, or null: its subject's id, its fields of type `text` and `texts` and its
 * origin. Fields with a format of their own are not looked at: a bill's or a company's number is no person's.
 */
export function personalDataFlaw({ fields }: ActionRules, entry: Entry): EntryFlaw | null {
  const { subject, meta, origin } = entry;
  const typed = [...meta].filter(([name]) => ['text', 'texts'].includes(fields.get(name)?.type ?? ''));
  const places: readonly (readonly [place: string, value: MetaValue])[] = [
    ['the subject', subject.id],
    ...typed.map(([name, value]) => [`field ${name}`, value] as const),
    ['the origin', origin === null ? null : [origin.method, origin.tool, origin.operator]],
  ];
  for (const [place, value] of places) {
    const texts = (Array.isArray(value) ? value : [value]).filter(text => typeof text === 'string');
    const found = texts.map(personalIn).find(what => what !== null);
    // The sentence does not repeat what must not be known.
    if (found !== undefined) return { code: 'personal-data', detail: `${place} holds ${found} of a person` };
  }
  return null;
}

/** What of a person stands in a text, or null. */
export function personalIn(text: string): 'an identity number' | 'a mobile number' | null {
  const plain = text.replace(FULL_WIDTH, character => String.fromCharCode(character.charCodeAt(0) - 0xfee0));
  for (const [number, region, birth] of plain.matchAll(IDENTITY))
    if (isIdentity(number, region!, birth!)) return 'an identity number';
  return MOBILE.test(plain) ? 'a mobile number' : null;
}

/** The check character of GB 11643 is ISO 7064 MOD 11-2. */
function isIdentity(number: string, region: string, birth: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i]), 0);
  return (
    CHECKS[sum % 11] === number[17]!.toUpperCase() &&
    isRegion(region) &&
    isDate(`${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}`)
  );
}
