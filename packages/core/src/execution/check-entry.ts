import type { Entry } from '../records/entry.ts';
import { NO_STATE, needsFile, type ProfileAction } from '../records/profile.ts';
import type { ROLES } from '../records/roles.ts';
import type { PublisherValue, SubjectValue } from '../records/state.ts';
import { type EntryFlaw, fieldsFlaw, standingAfter } from './check-fields.ts';
import { linksFlaw } from './check-links.ts';
import { sealedFlaw } from './check-sealed.ts';
import { countersignFlaw, isCountersign, issuersFlaw } from './joint-issue.ts';
import { personalDataFlaw } from './personal-data.ts';
import type { WorkingState } from './working-state.ts';

/** Who signed a submission, as the state knows it. */
export interface Actor {
  readonly id: string;
  readonly value: PublisherValue;
}

/** What in the state speaks against one entry, or null. Reads the state only. */
export function entryFlaw(state: WorkingState, actor: Actor, entry: Entry): EntryFlaw | null {
  const roles = rolesIn(actor.value, entry.profile);
  if (roles.size === 0)
    return flaw('profile-not-allowed', `the publisher may not use profile ${entry.profile}`);
  const rules = state.profile(entry.profile);
  if (rules === null) return flaw('unknown-profile', `no profile ${entry.profile} on this chain`);
  const found = rules.actions.get(entry.action);
  if (found === undefined)
    return flaw('unknown-action', `profile ${entry.profile} has no action ${entry.action}`);
  const subject = state.subject(entry.profile, entry.subject).value;
  const { privacy, personal } = rules.profile;
  const sealed = privacy === 'sealed';
  // Who is awaited need not own the subject.
  const signs = isCountersign(rules, entry.action);
  const entitling = signs ? { ...found.action, by: 'any-publisher' as const } : found.action;
  return (
    entitledFlaw(state, entitling, { id: actor.id, home: actor.value.home, roles }, entry, subject) ??
    (signs && subject !== null ? countersignFlaw(entry, actor.id, subject) : null) ??
    transitionFlaw(found.action, subject) ??
    prevFlaw(entry, subject) ??
    digestFlaw(found.action, entry) ??
    (sealed ? sealedFlaw(found, entry) : fieldsFlaw(found, entry)) ??
    (personal === 'refused' && !sealed ? personalDataFlaw(found, entry) : null) ??
    validityFlaw() ??
    issuersFlaw(state, found, entry, actor.id) ??
    (sealed ? null : linksFlaw(state, found.action, entry))
  );

  function validityFlaw(): EntryFlaw | null {
    const before = subject ?? { owner: actor.id, validFrom: null, validTo: null };
    const { validFrom, validTo } = standingAfter(found!, entry, before);
    if (validFrom === null || validTo === null || validFrom <= validTo) return null;
    return flaw('bad-field', `the validity would end (${validTo}) before it begins (${validFrom})`);
  }
}

type Role = (typeof ROLES)[number];

/** What a publisher may do in a profile; none listed at all: issuer in every one. */
function rolesIn({ roles }: PublisherValue, profile: string): ReadonlySet<Role> {
  if (roles.length === 0) return new Set(['issuer']);
  return new Set(roles.filter(role => role.profile === profile).map(({ role }) => role));
}

function entitledFlaw(
  state: WorkingState,
  { name, by }: ProfileAction,
  actor: { readonly id: string; readonly home: string; readonly roles: ReadonlySet<Role> },
  { subject: { issuer } }: Entry,
  subject: SubjectValue | null,
): EntryFlaw | null {
  const { id, home, roles } = actor;
  if (by === 'home-member' && subject !== null) {
    const homeOfIssuer = state.publisher(issuer).value?.home;
    if (roles.has('supervisor') && homeOfIssuer === home) return null;
    return flaw('not-entitled', `action ${name} is for a supervisor at home with member ${homeOfIssuer}`);
  }
  const own = id === issuer;
  if (!roles.has('issuer') && (own || !roles.has('actor')))
    return flaw('not-entitled', `${id} may not ${own ? 'issue' : 'act'} in this profile`);
  // A name is given out by its issuer alone, whoever may act on it later.
  if (own && (by === 'issuer' || subject === null)) return null;
  if (by === 'issuer' || subject === null)
    return flaw('not-issuer', `${subject === null ? 'the first record' : `action ${name}`} is for ${issuer}`);
  if (by === 'any-publisher') return null;
  return id === subject.owner ? null : flaw('not-owner', `action ${name} is for ${subject.owner}`);
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

function digestFlaw(action: ProfileAction, entry: Entry): EntryFlaw | null {
  const { name, digest } = action;
  if (needsFile(action) && entry.digest === null)
    return flaw('digest-required', `action ${name} needs a file`);
  if (digest === 'none' && entry.digest !== null)
    return flaw('digest-not-allowed', `action ${name} takes no file`);
  return null;
}

function flaw(code: string, detail: string): EntryFlaw {
  return { code, detail };
}
