import { ok, type Result, refuse } from '../encoding/result.ts';
import type { Link } from '../records/entry.ts';
import type { Leaf } from '../records/leaf.ts';
import { type Profile, STANDINGS } from '../records/profile.ts';
import type { Disclosed } from '../records/sealed.ts';
import type { SubjectValue } from '../records/state.ts';
import type { FileRole } from './file-role.ts';
import { shownValidity, termAt, type Validity } from './validity.ts';

/**
 * What a subject's standing comes to: what its state means by its profile, and what its dates and links add; `other` where
 * nothing says what the state means.
 */
export const VERDICTS = ['never-recorded', 'not-yet', ...STANDINGS, 'other'] as const;

/** A standing at one time. */
export interface Verdict {
  readonly word: (typeof VERDICTS)[number];
  /** Whether the subject is in force, amended or not. */
  readonly inForce: boolean;
  /** What it comes to after its last day, where its last record says so: a repeal with a date to come; else null. */
  readonly next: (typeof VERDICTS)[number] | null;
  /** What amended, replaced or repealed it, as the last record says. */
  readonly by: readonly Link[];
}

/** Relations by which a record names what took its subject's place. */
const SUCCESSORS = ['replaced-by', 'superseded-by'];
/** And those to what says so. */
const REASONS = ['amended-by', 'repealed-by', 'revoked-by'];
const IN_FORCE = ['in-force', 'amended'];
const GONE = ['repealed', 'lapsed', 'ended'];
/** Standings whose record may name the last day in force. */
const DATED_ENDS = ['repealed', 'lapsed'];

/** The verdict on what the state does not have. */
export const NEVER_RECORDED: Verdict = { word: 'never-recorded', inForce: false, next: null, by: [] };

/**
 * The verdict on a subject of this value, null for none in the state, with this last record, at a time in ms. `profile` is
 * the subject's own, or null where it is not known: then a state that is named like a standing is that.
 */
export function verdictOf(
  value: SubjectValue | null,
  last: Leaf | null,
  profile: Profile | null,
  at: number,
): Verdict {
  if (value === null) return NEVER_RECORDED;
  const links = last?.entry.value.links ?? [];
  const by = links.filter(({ rel }) => SUCCESSORS.includes(rel) || REASONS.includes(rel));
  const replaced = by.some(({ rel }) => SUCCESSORS.includes(rel));
  const means = meaning(value.state, profile);
  const [word, next] = dated(means, endsLater(means, value, last, profile), value, at);
  const named = (end: Verdict['word']) => (replaced && GONE.includes(end) ? 'superseded' : end);
  return { word: named(word), inForce: IN_FORCE.includes(word), next: next && named(next), by };
}

/** The verdict on the subject of a sealed record, with the dates that its receipt shows and the state does not know. */
export function verdictShown(verdict: Verdict, disclosed: Pick<Disclosed, 'meta'>, at: number): Verdict {
  const shown = verdict.inForce ? shownValidity(disclosed, at) : null;
  return shown === null || shown.word === 'in-force'
    ? verdict
    : { ...verdict, word: shown.word, inForce: false };
}

/**
 * That a subject is in force, amended or not, and a file its text; `unknown` are dates of it that nothing shows. Faults:
 * `enclosed-file`, `not-in-force`, and `standing-unproven` where there is no proven verdict to judge by, or a date is unknown.
 */
export function verifyInForce(
  verdict: Verdict | null,
  role: FileRole = 'present',
  unknown: readonly string[] = [],
): Result<void> {
  if (verdict === null) return refuse('standing-unproven', 'no proof says where it stands');
  if (role === 'enclosed') return refuse('enclosed-file', 'it accompanied an action and was never the text');
  if (!verdict.inForce) return refuse('not-in-force', `its standing is ${verdict.word}`);
  if (role === 'earlier') return refuse('not-in-force', 'the present text is another file');
  return unknown.length === 0
    ? ok(undefined)
    : refuse('standing-unproven', `nothing shows its dates of validity: ${unknown.join(', ')}`);
}

function meaning(state: string, profile: Profile | null): Verdict['word'] {
  const known = profile?.states.find(({ name }) => name === state);
  return known?.standing ?? STANDINGS.find(standing => standing === state) ?? 'other';
}

/**
 * Whether the last record ends the subject on a day that it names itself, its last in force, such as a repeal with a date
 * to come. A day that an earlier record named is no such day: what is repealed at once may have had a term.
 */
function endsLater(
  means: Verdict['word'],
  { validTo }: Validity,
  last: Leaf | null,
  profile: Profile | null,
): boolean {
  const entry = last?.entry.value;
  if (!DATED_ENDS.includes(means) || validTo === null || entry?.meta.get('expires') !== validTo) return false;
  const from = profile?.actions.find(({ name }) => name === entry.action)?.from ?? [];
  return from.every(state => IN_FORCE.includes(meaning(state, profile)));
}

/** What a state that means `means` comes to at a time in ms, and after its last day where a record says so already. */
function dated(
  means: Verdict['word'],
  ends: boolean,
  validity: Validity,
  at: number,
): [word: Verdict['word'], next: Verdict['word'] | null] {
  if (!ends && !IN_FORCE.includes(means)) return [means, null];
  const term = termAt(validity, at);
  if (ends) return term === 'lapsed' ? [means, null] : [term, means];
  return [term === 'in-force' ? means : term, null];
}
