import { ok, type Result, refuse } from '../encoding/result.ts';
import type { Link } from '../records/entry.ts';
import type { Leaf } from '../records/leaf.ts';
import { DATED_ENDS, IN_FORCE, type Profile, STANDINGS } from '../records/profile.ts';
import type { Disclosed } from '../records/sealed.ts';
import type { SubjectValue } from '../records/state.ts';
import type { FileRole } from './file-role.ts';
import { shownValidity, type Term, termAt, type Validity } from './validity.ts';

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

/** What the state says of a subject that a verdict is made of. */
export type JudgedValue = Validity & Pick<SubjectValue, 'state'>;

/** Relations by which a record names what took its subject's place. */
const SUCCESSORS = ['replaced-by', 'superseded-by'];
/** And those to what says so. */
const REASONS = ['amended-by', 'repealed-by', 'revoked-by'];
const GONE = ['repealed', 'lapsed', 'ended'];

/** The verdict on what the state does not have. */
export const NEVER_RECORDED: Verdict = { word: 'never-recorded', inForce: false, next: null, by: [] };

/**
 * The verdict on a subject of this value, null for none in the state, with this last record, at a time in ms. `profile` is
 * the subject's own in some version, or null where it is not known. A state that it does not have and that is named like a
 * standing is that, as in every profile.
 */
export function verdictOf(
  value: JudgedValue | null,
  last: Leaf | null,
  profile: Profile | null,
  at: number,
): Verdict {
  if (value === null) return NEVER_RECORDED;
  const links = last?.entry.value.links ?? [];
  const by = links.filter(({ rel }) => SUCCESSORS.includes(rel) || REASONS.includes(rel));
  const replaced = by.some(({ rel }) => SUCCESSORS.includes(rel));
  const means = meaning(value.state, profile);
  const [word, next] = dated(means, endsLater(means, value, last), termAt(value, at));
  const named = (end: Verdict['word']) => (replaced && GONE.includes(end) ? 'superseded' : end);
  return { word: named(word), inForce: IN_FORCE.includes(word), next: next && named(next), by };
}

/**
 * Every word that the verdict on a subject in this state may be, whatever its last record says, at a time at which its
 * validity comes to `term`; `ends` says whether that has a last day. For finding subjects without reading their records.
 */
export function possibleVerdicts(
  state: string,
  profile: Profile | null,
  term: Term,
  ends: boolean,
): ReadonlySet<Verdict['word']> {
  const means = meaning(state, profile);
  const words = new Set([dated(means, false, term)[0]]);
  if (ends && DATED_ENDS.includes(means)) words.add(dated(means, true, term)[0]);
  if (GONE.some(end => words.has(end as Verdict['word']))) words.add('superseded');
  return words;
}

/** Whether a verdict is what is looked for: `in-force` is whatever is in force, amended or not; else the word itself. */
export function isVerdict({ word }: Pick<Verdict, 'word'>, sought: Verdict['word']): boolean {
  return word === sought || (sought === 'in-force' && IN_FORCE.includes(word));
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
 * `enclosed-file`, `state-unknown`, `not-in-force`, and `standing-unproven` where there is no proven verdict to judge by, or a
 * date is unknown.
 */
export function verifyInForce(
  verdict: Verdict | null,
  role: FileRole = 'present',
  unknown: readonly string[] = [],
): Result<void> {
  if (verdict === null) return refuse('standing-unproven', 'no proof says where it stands');
  if (role === 'enclosed') return refuse('enclosed-file', 'it accompanied an action and was never the text');
  const isUnknown = verdict.word === 'other';
  if (!verdict.inForce && !isUnknown) return refuse('not-in-force', `its standing is ${verdict.word}`);
  if (role === 'earlier') return refuse('not-in-force', 'the present text is another file');
  if (isUnknown) return refuse('state-unknown', 'no version of its profile that is known here has its state');
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
function endsLater(means: Verdict['word'], { validTo }: Validity, last: Leaf | null): boolean {
  return DATED_ENDS.includes(means) && validTo !== null && last?.entry.value.meta.get('expires') === validTo;
}

/** What a state that means `means` comes to in such a term, and after its last day where a record says so already. */
function dated(
  means: Verdict['word'],
  ends: boolean,
  term: Term,
): [word: Verdict['word'], next: Verdict['word'] | null] {
  if (!ends && !IN_FORCE.includes(means)) return [means, null];
  if (ends) return term === 'lapsed' ? [means, null] : [term, means];
  return [term === 'in-force' ? means : term, null];
}
