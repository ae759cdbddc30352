import type { Entry } from '../records/entry.ts';
import { NO_STATE, type ProfileAction } from '../records/profile.ts';
import type { PublisherValue, SubjectValue } from '../records/state.ts';
import { type EntryFlaw, fieldsFlaw, sealedFieldsFlaw, standingAfter } from './check-fields.ts';
import type { WorkingState } from './working-state.ts';

/** Who signed a submission, as the state knows it. */
export interface Actor {
  readonly id: string;
  readonly value: PublisherValue;
}

/** What in the state speaks against one entry, or null. Reads the state only. */
export function entryFlaw(state: WorkingState, actor: Actor, entry: Entry): EntryFlaw | null {
  const { roles } = actor.value;
  if (roles.length > 0 && !roles.some(({ profile }) => profile === entry.profile))
    return flaw('profile-not-allowed', `the publisher may not use profile ${entry.profile}`);
  const rules = state.profile(entry.profile);
  if (rules === null) return flaw('unknown-profile', `no profile ${entry.profile} on this chain`);
  const found = rules.actions.get(entry.action);
  if (found === undefined)
    return flaw('unknown-action', `profile ${entry.profile} has no action ${entry.action}`);
  const subject = state.subject(entry.profile, entry.subject).value;
  const sealed = rules.profile.privacy === 'sealed';
  return (
    entitledFlaw(found.action, actor, entry, subject) ??
    transitionFlaw(found.action, subject) ??
    prevFlaw(entry, subject) ??
    digestFlaw(found.action, entry) ??
    (sealed ? sealedFieldsFlaw(found, entry) : fieldsFlaw(found, entry)) ??
    validityFlaw() ??
    linksFlaw(state, found.action, entry)
  );

  function validityFlaw(): EntryFlaw | null {
    const before = subject ?? { owner: actor.id, validFrom: null, validTo: null };
    const { validFrom, validTo } = standingAfter(found!, entry, before);
    if (validFrom === null || validTo === null || validFrom <= validTo) return null;
    return flaw('bad-field', `the validity would end (${validTo}) before it begins (${validFrom})`);
  }
}

function entitledFlaw(
  { name, by }: ProfileAction,
  actor: Actor,
  { subject: { issuer } }: Entry,
  subject: SubjectValue | null,
): EntryFlaw | null {
  // A name is given out by its issuer alone, whoever may act on it later.
  if (actor.id === issuer && (by === 'issuer' || subject === null)) return null;
  if (by === 'issuer' || subject === null)
    return flaw('not-issuer', `${subject === null ? 'the first record' : `action ${name}`} is for ${issuer}`);
  if (by === 'any-publisher') return null;
  if (by === 'named')
    return actor.id === subject.owner ? null : flaw('not-owner', `action ${name} is for ${subject.owner}`);
  return flaw('not-entitled', `action ${name} is for the home member, which signs no submissions`);
}

function transitionFlaw({ name, from }: ProfileAction, subject: SubjectValue | null): EntryFlaw | null {
  const state = subject?.state ?? NO_STATE;
  if (from.includes(state)) return null;
  const standing = subject === null ? 'has no record yet' : `is ${state}`;
  return flaw(
    'action-not-allowed',
    `the subject ${standing}, action ${name} starts from ${from.slice(0, 8).join(', ')}`,
  );
}

function prevFlaw({ prev }: Entry, subject: SubjectValue | null): EntryFlaw | null {
  const head = subject?.head ?? null;
  return prev === head
    ? null
    : flaw('wrong-prev', `the subject's last record is ${head ?? 'none'}, prev says ${prev ?? 'none'}`);
}

function digestFlaw({ name, digest }: ProfileAction, entry: Entry): EntryFlaw | null {
  if (digest === 'required' && entry.digest === null)
    return flaw('digest-required', `action ${name} needs a file`);
  if (digest === 'none' && entry.digest !== null)
    return flaw('digest-not-allowed', `action ${name} takes no file`);
  return null;
}

/** Links are checked against the state before the submission, so that an index is always one of the log's. */
function linksFlaw(state: WorkingState, { name, links }: ProfileAction, entry: Entry): EntryFlaw | null {
  for (const [i, { rel, subject, index }] of entry.links.entries()) {
    // A relation may be open to several profiles; the first few are enough of a sentence.
    const rules = links.filter(rule => rule.rel === rel);
    if (rules.length === 0)
      return flaw('link-not-allowed', `link ${i}: action ${name} has no relation ${rel}`);
    const heads = rules.flatMap(rule => state.subject(rule.profile, subject).value?.head ?? []);
    if (heads.length === 0)
      return flaw(
        'unknown-link',
        `link ${i}: no such subject in profile ${rules
          .slice(0, 4)
          .map(rule => rule.profile)
          .join(', ')}`,
      );
    if (!heads.includes(index))
      return flaw(
        'stale-link',
        `link ${i}: the last record of its subject is ${heads.slice(0, 4).join(', ')}, not ${index}`,
      );
  }
  const missing = links.find(rule => rule.required && !entry.links.some(({ rel }) => rel === rule.rel));
  return missing === undefined ? null : flaw('missing-link', `action ${name} needs a link ${missing.rel}`);
}

function flaw(code: string, detail: string): EntryFlaw {
  return { code, detail };
}
