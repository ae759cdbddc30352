import type { Entry, Subject } from './entry.ts';

/** The built-in profile of records that change the chain itself. No profile of this name can be defined. */
export const GOVERNANCE = 'governance';
/** The action that ends an epoch and begins the next with another validator set. */
export const CHANGE_MEMBERS = 'change-members';
/** The action that says who may connect and how: validators and those who follow without a vote. */
export const ADMIT_MEMBERS = 'admit-members';
/** The action that lets observers in, which are no members, or lets them go. */
export const CHANGE_OBSERVERS = 'change-observers';
/** The action that puts on record what a member signed and an honest one never signs. */
export const ACCUSE_MEMBER = 'accuse-member';
/** The action that enrols publishers, or suspends, reinstates and re-keys them, or sets what they may do. */
export const CHANGE_PUBLISHERS = 'change-publishers';
/** The action that defines a profile, or its next version. */
export const DEFINE_PROFILE = 'define-profile';
/** The state of a governance subject: it has one record, which was applied as it was recorded. */
export const APPLIED = 'applied';

/** A governance entry: it stands alone, and all that it says is in its fields. */
export function governanceEntry(action: string, subject: Subject, meta: Entry['meta']): Entry {
  return {
    profile: GOVERNANCE,
    action,
    subject,
    digest: null,
    prev: null,
    links: [],
    meta,
    origin: null,
  };
}

/** What the change that begins `epoch` is about, named inside the publisher that carries it. */
export function epochSubject(issuer: string, epoch: number): Subject {
  return { issuer, id: `epoch ${epoch}` };
}

/** True iff a submission, once it is recorded, ends the epoch. */
export function endsEpoch({ entries }: { readonly entries: readonly Entry[] }): boolean {
  return entries.some(({ profile, action }) => profile === GOVERNANCE && action === CHANGE_MEMBERS);
}

// They change nothing that ordering reads. As barriers they would let whoever lies stop the pipeline with an accusation,
// and the enrolment of thousands of publishers would be one stop after the other.
const NO_BARRIER: ReadonlySet<string> = new Set([ACCUSE_MEMBER, CHANGE_PUBLISHERS, DEFINE_PROFILE]);

/**
 * True iff a submission holds a governance entry other than an accusation, a change of publishers or a profile: a block with
 * such a submission, and no other, has the barrier flag. A pure function of the bytes, whether or not execution will refuse it.
 */
export function isGovernance({ entries }: { readonly entries: readonly Entry[] }): boolean {
  return entries.some(({ profile, action }) => profile === GOVERNANCE && !NO_BARRIER.has(action));
}
