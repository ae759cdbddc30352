import { type Carried, encode, exactly, record, uint } from '../encoding/codec.ts';
import { type Approvals, approvedEntry } from './approvals.ts';
import type { Entry, Subject } from './entry.ts';
import { DEFINE_PROFILE } from './governance.ts';
import { uscc } from './names.ts';
import { profileCodec } from './profile.ts';

/** A new profile, or the next version of one, as bytes. */
export const profileDefinitionCodec = record({
  v: exactly(1),
  epoch: uint(0xffff_fffe),
  carrier: uscc,
  profile: profileCodec,
});
/** A profile as a quorum of the set approves it in an epoch; the carrier records it. */
export type ProfileDefinition = Carried<typeof profileDefinitionCodec>;

/** What a definition is about: this version of this profile. */
export function definitionSubject(
  issuer: string,
  { profile: { name, version } }: Pick<ProfileDefinition, 'profile'>,
): Subject {
  return { issuer, id: `profile ${name} ${version}` };
}

/** The governance entry by which the carrier brings a definition and its approvals to the ledger. */
export function definitionEntry(definition: ProfileDefinition, approvals: Approvals): Entry {
  const subject = definitionSubject(definition.carrier, definition);
  return approvedEntry(DEFINE_PROFILE, subject, encode(profileDefinitionCodec, definition), approvals);
}
