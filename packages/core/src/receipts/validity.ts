import type { Leaf } from '../records/leaf.ts';
import type { Profile } from '../records/profile.ts';
import type { Disclosed } from '../records/sealed.ts';
import { isDate } from '../records/standard-codes.ts';
import type { SubjectValue } from '../records/state.ts';

/** First and last day of a validity, `YYYY-MM-DD`; null for none. */
export type Validity = Pick<SubjectValue, 'validFrom' | 'validTo'>;

/** What a validity comes to on a day. */
export type Term = 'in-force' | 'not-yet' | 'lapsed';

/** Chinese standard time has no summer time. */
const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** Days from 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468;

/** What a validity comes to at a time in ms: its first and its last day, in China, are days in force. */
export function termAt({ validFrom, validTo }: Validity, at: number): Term {
  const day = Math.floor((at + CHINA_OFFSET_MS) / DAY_MS);
  if (validFrom !== null && day < dayOf(validFrom)) return 'not-yet';
  return validTo !== null && day > dayOf(validTo) ? 'lapsed' : 'in-force';
}

/**
 * The validity that a receipt shows of a sealed record, and what it comes to at a time in ms; null where it shows none. The
 * state does not know it: whoever is shown it looks at both.
 */
export function shownValidity(
  { meta }: Pick<Disclosed, 'meta'>,
  at: number,
): (Validity & { readonly word: Term }) | null {
  const date = (name: string) => {
    const value = meta.get(name);
    return typeof value === 'string' && isDate(value) ? value : null;
  };
  const shown = { validFrom: date('effective'), validTo: date('expires') };
  if (shown.validFrom === null && shown.validTo === null) return null;
  return { ...shown, word: termAt(shown, at) };
}

/**
 * The dates of a sealed subject that stay unknown to whoever holds this record and is shown `meta` of it: what it commits to
 * and does not show, and what it leaves as an earlier record may have said. Of one that is not the last, also the end, if the
 * profile has an action that may have named another and left the file as it is. `profile` is null where it is not known.
 */
export function unknownDates(
  { version, entry }: Pick<Leaf, 'version' | 'entry'>,
  { meta }: Pick<Disclosed, 'meta'>,
  profile: Profile | null,
  isLast: boolean,
): readonly string[] {
  const dating = (name: string) =>
    profile?.actions.filter(({ fields }) => fields.some(field => field.name === name)) ?? null;
  return ['effective', 'expires'].filter(name => {
    const shown = meta.get(name);
    const actions = dating(name);
    if (name === 'expires' && !isLast && actions?.some(({ digest }) => digest !== 'required')) return true;
    // Null is expressly none.
    if (shown !== undefined) return shown !== null && !(typeof shown === 'string' && isDate(shown));
    return entry.value.meta.has(name) || (version > 1 && actions?.length !== 0);
  });
}

/** Days from 1970-01-01 to a date `YYYY-MM-DD` of the Gregorian calendar; years are counted from March, so that a leap day ends one. */
function dayOf(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const y = month > 2 ? year : year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * y + leapDays + dayOfYear - DAYS_TO_1970;
}
