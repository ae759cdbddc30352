import { invariant } from '../encoding/result.ts';
import { type AdmissionContext, checkAdmission } from '../ledger/check-admission.ts';
import {
  changedSet,
  checkMembership,
  type MembershipContext,
  readApproved,
  readMembership,
} from '../ledger/check-membership.ts';
import { admissionCodec } from '../records/admission.ts';
import type { Entry } from '../records/entry.ts';
import { ADMIT_MEMBERS, APPLIED } from '../records/governance.ts';
import type { MemberValue, SubjectValue } from '../records/state.ts';
import type { Actor } from './check-entry.ts';
import type { EntryFlaw } from './check-fields.ts';
import { epochOfHeight } from './epochs.ts';
import type { Rules } from './types.ts';
import type { WorkingState } from './working-state.ts';

/**
 * What in the state speaks against a governance entry in a block at `height`, or null. The publisher only carries it: what
 * it may use otherwise does not matter, the authority is in the approvals.
 */
export function governanceFlaw(
  state: WorkingState,
  actor: Actor,
  entry: Entry,
  rules: Rules,
  height: number,
): EntryFlaw | null {
  const context = contextOf(state, entry, rules, height);
  const checked =
    entry.action === ADMIT_MEMBERS
      ? checkAdmission(entry, actor.id, context)
      : checkMembership(entry, actor.id, context);
  return checked.ok ? null : checked.fault;
}

function contextOf(
  state: WorkingState,
  entry: Entry,
  { chain, hasher, verifier }: Rules,
  height: number,
): AdmissionContext & MembershipContext {
  const { epoch, ended } = epochOfHeight(number => state.epoch(number).value, height);
  return {
    genesis: chain.hash,
    suite: { hasher, verifier },
    height,
    epoch,
    ended,
    recorded: state.subject(entry.profile, entry.subject).value !== null,
    set: number => {
      const { value } = state.epoch(number);
      invariant(value !== null, 'the state holds every set up to the current one');
      return value;
    },
    member: code => state.member(code).value,
    members: () =>
      chain.genesis.members.map(({ code }) => [code, state.member(code).value as MemberValue] as const),
  };
}

/**
 * Applies a governance entry that nothing speaks against; gives the standing of its subject. A change of the validators
 * begins the next epoch above this block, and either says how those it names are reached. A member that leaves keeps key
 * and addresses, as it goes on as a replica without a vote.
 */
export function applyGovernance(
  state: WorkingState,
  entry: Entry,
  publisher: string,
  height: number,
): Pick<SubjectValue, 'state' | 'owner' | 'validFrom' | 'validTo'> {
  if (entry.action === ADMIT_MEMBERS) admit(state, entry);
  else changeMembers(state, entry, publisher, height);
  return { state: APPLIED, owner: publisher, validFrom: null, validTo: null };
}

function admit(state: WorkingState, entry: Entry): void {
  const read = readApproved(entry, admissionCodec);
  invariant(read.ok, 'an entry that was checked is read');
  for (const { code, p2pKey, addresses } of read.value.change.contacts)
    change(state, code, { p2pKey, addresses });
}

function changeMembers(state: WorkingState, entry: Entry, publisher: string, height: number): void {
  const read = readMembership(entry, publisher);
  invariant(read.ok, 'an entry that was checked is read');
  const membership = read.value.change;
  const set = state.epoch(membership.epoch).value;
  invariant(set !== null, 'a change that was checked ends an epoch of the state');
  state.epoch(membership.epoch + 1).set(changedSet(set, membership, height + 1));
  for (const { code, validator } of membership.members) {
    if (validator === null) change(state, code, { validator: false });
    else change(state, code, { validator: true, p2pKey: validator.p2pKey, addresses: validator.addresses });
  }
}

function change(state: WorkingState, code: string, to: Partial<MemberValue>): void {
  const member = state.member(code);
  invariant(member.value !== null, 'a change that was checked is of members');
  member.set({ ...member.value, ...to });
}
