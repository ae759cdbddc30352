import { type Fault, ok, type Result, refuse } from '../encoding/result.ts';
import type { Entry } from '../records/entry.ts';
import type { Profile } from '../records/profile.ts';
import {
  definitionSubject,
  type ProfileDefinition,
  profileDefinitionCodec,
} from '../records/profile-definition.ts';
import { profileFlaw } from '../records/profile-flaw.ts';
import { type CarriedContext, readCarried } from './check-carried.ts';
import { approvalsFlaw } from './check-membership.ts';

/** What a definition is judged by beside the sets. */
export interface DefinitionContext extends CarriedContext {
  /** A profile as it stands. */
  profile(name: string): Profile | null;
}

/**
 * The profile that a governance entry by `publisher` defines, if everything about it is in order. Faults:
 * `governance-malformed`, `governance-epoch`, `governance-profile`, `governance-approvals`.
 */
export function checkDefinition(
  entry: Entry,
  publisher: string,
  context: DefinitionContext,
): Result<ProfileDefinition> {
  const idOf = (definition: ProfileDefinition) => definitionSubject(publisher, definition).id;
  const read = readCarried(entry, publisher, profileDefinitionCodec, idOf, context);
  if (!read.ok) return read;
  const { change, changeBytes, approvals } = read.value;
  const flaw =
    definitionFlaw(change.profile, context.profile(change.profile.name)) ??
    approvalsFlaw(changeBytes, approvals, context.set(context.epoch), context);
  return flaw === null ? ok(change) : { ok: false, fault: flaw };
}

/**
 * What is wrong with a profile in itself or after the version before it (null: there is none), or null. Subjects stay in the
 * states they are in, so each must go on to mean the same, to whoever knows this version and to whoever knows the one before;
 * what is sealed stays so, and what subjects are named by. Fault: `governance-profile`.
 */
export function definitionFlaw(profile: Profile, before: Profile | null): Fault | null {
  const bad = (detail: string) => refuse('governance-profile', detail).fault;
  const flaw = profileFlaw(profile);
  if (flaw !== null) return bad(flaw);
  if (before === null) return null;
  const { name, version } = before;
  if (profile.version !== version + 1)
    return bad(`version ${profile.version} of ${name} after version ${version}`);
  if (profile.privacy !== before.privacy) return bad(`${name} is ${before.privacy} and stays so`);
  // What was named by its fields could otherwise begin again under another id.
  if (before.namedBy !== undefined && profile.namedBy?.join() !== before.namedBy.join())
    return bad(`subjects of ${name} are named by ${before.namedBy.join(', ')} and stay so`);
  const standings = new Map(profile.states.map(state => [state.name, state.standing]));
  const other = before.states.find(state => standings.get(state.name) !== state.standing);
  if (other === undefined) return null;
  const now = standings.get(other.name);
  return bad(
    now === undefined
      ? `subjects may be in state ${other.name}, which version ${profile.version} lacks`
      : `state ${other.name} means ${other.standing}, and version ${profile.version} would make it ${now}`,
  );
}
