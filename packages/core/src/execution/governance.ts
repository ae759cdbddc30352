import { invariant, type Result, refuse } from '../encoding/result.ts';
import { type AccusationContext, checkAccusation, readAccusation } from '../ledger/check-accusation.ts';
import { checkAdmission } from '../ledger/check-admission.ts';
import { checkDefinition, type DefinitionContext } from '../ledger/check-definition.ts';
import { changedSet, checkMembership, readApproved, readMembership } from '../ledger/check-membership.ts';
import { changedObservers, checkObservers, type ObserversContext } from '../ledger/check-observers.ts';
import { checkPublishers, type PublishersContext } from '../ledger/check-publishers.ts';
import { admissionCodec } from '../records/admission.ts';
import type { Entry } from '../records/entry.ts';
import {
  ACCUSE_MEMBER,
  ADMIT_MEMBERS,
  APPLIED,
  CHANGE_MEMBERS,
  CHANGE_OBSERVERS,
  CHANGE_PUBLISHERS,
  DEFINE_PROFILE,
  GOVERNANCE,
} from '../records/governance.ts';
import { observerChangeCodec } from '../records/observers.ts';
import { profileDefinitionCodec } from '../records/profile-definition.ts';
import { publisherChangeCodec } from '../records/publisher-change.ts';
import type { MemberValue, SubjectValue } from '../records/state.ts';
import type { Actor } from './check-entry.ts';
import type { EntryFlaw } from './check-fields.ts';
import { epochOfHeight } from './epochs.ts';
import type { Rules } from './types.ts';
import type { WorkingState } from './working-state.ts';

/** Where and by whom an entry is recorded. */
export interface RecordedAt {
  readonly publisher: string;
  /** Of the block. */
  readonly height: number;
  /** Log index of the record. */
  readonly index: number;
}

type Context = AccusationContext & DefinitionContext & PublishersContext & ObserversContext;

/** What is asked of a governance action before it is recorded, and what its record does. */
interface Action {
  check(entry: Entry, publisher: string, context: Context): Result<unknown>;
  /** Of an entry that was checked. */
  apply(state: WorkingState, entry: Entry, at: RecordedAt): void;
}

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  [CHANGE_MEMBERS, { check: checkMembership, apply: changeMembers }],
  [ADMIT_MEMBERS, { check: checkAdmission, apply: admit }],
  [CHANGE_OBSERVERS, { check: checkObservers, apply: changeObservers }],
  [ACCUSE_MEMBER, { check: checkAccusation, apply: accuse }],
  [CHANGE_PUBLISHERS, { check: checkPublishers, apply: changePublishers }],
  [DEFINE_PROFILE, { check: checkDefinition, apply: define }],
]);

/**
 * What in the state speaks against a governance entry in a block at `height`, or null. The publisher only carries it: what
 * it may use otherwise does not matter, the authority is in the approvals, or in the evidence. `named` is what
 * the entries before it in its submission change, publishers by id or the observers; its own is added.
 */
export function governanceFlaw(
  state: WorkingState,
  actor: Actor,
  entry: Entry,
  rules: Rules,
  height: number,
  named: Set<string>,
): EntryFlaw | null {
  const action = ACTIONS.get(entry.action);
  if (action === undefined)
    return refuse('governance-malformed', `${GOVERNANCE} has no action ${entry.action}`).fault;
  const checked = action.check(entry, actor.id, contextOf(state, entry, rules, height, named));
  return checked.ok ? null : checked.fault;
}

function contextOf(
  state: WorkingState,
  entry: Entry,
  { chain, hasher, verifier }: Rules,
  height: number,
  named: Set<string>,
): Context {
  const { epoch, ended } = epochOfHeight(number => state.epoch(number).value, height);
  return {
    genesis: chain.hash,
    origin: chain.origin,
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
    accused: (code, number) => state.accusation(code, number).value?.record ?? null,
    member: code => state.member(code).value,
    publisher: id => state.publisher(id).value,
    profile: name => state.profile(name)?.profile ?? null,
    hasProfile: name => state.profile(name) !== null,
    named,
    members: () =>
      chain.genesis.members.map(({ code }) => [code, state.member(code).value as MemberValue] as const),
    observers: () => state.observers().value,
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
  at: RecordedAt,
): Pick<SubjectValue, 'state' | 'owner' | 'validFrom' | 'validTo'> {
  ACTIONS.get(entry.action)!.apply(state, entry, at);
  return { state: APPLIED, owner: at.publisher, validFrom: null, validTo: null };
}

function admit(state: WorkingState, entry: Entry): void {
  const read = readApproved(entry, admissionCodec);
  invariant(read.ok, 'an entry that was checked is read');
  for (const { code, p2pKey, addresses } of read.value.change.contacts)
    change(state, code, { p2pKey, addresses });
}

function changeObservers(state: WorkingState, entry: Entry, { index }: RecordedAt): void {
  const read = readApproved(entry, observerChangeCodec);
  invariant(read.ok, 'an entry that was checked is read');
  const observers = state.observers();
  observers.set(changedObservers(observers.value, read.value.change, index));
}

function accuse(state: WorkingState, entry: Entry, { index }: RecordedAt): void {
  const read = readAccusation(entry);
  invariant(read.ok, 'an entry that was checked is read');
  state.accusation(read.value.code, read.value.epoch).set({ record: index });
}

function changePublishers(state: WorkingState, entry: Entry, { index }: RecordedAt): void {
  const read = readApproved(entry, publisherChangeCodec);
  invariant(read.ok, 'an entry that was checked is read');
  const { home, enrolled, altered } = read.value.change;
  const records = { day: 0, used: 0, seq: 0, head: null, changed: index };
  for (const { id, name, keys, roles, quota } of enrolled)
    state.publisher(id).set({ name, home, keys, status: 'active', roles, quota, ...records });
  for (const { id, status, keys, roles, quota } of altered) {
    const publisher = state.publisher(id);
    const { value } = publisher;
    invariant(value !== null, 'a change that was checked is of publishers');
    publisher.set({
      ...value,
      status: status ?? value.status,
      keys: keys ?? value.keys,
      roles: roles ?? value.roles,
      quota: quota ?? value.quota,
      changed: index,
    });
  }
}

function define(state: WorkingState, entry: Entry): void {
  const read = readApproved(entry, profileDefinitionCodec);
  invariant(read.ok, 'an entry that was checked is read');
  state.define(read.value.change.profile);
}

function changeMembers(state: WorkingState, entry: Entry, { publisher, height }: RecordedAt): void {
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
