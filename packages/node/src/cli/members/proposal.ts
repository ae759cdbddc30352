import { readFileSync, writeFileSync } from 'node:fs';
import {
  ADMIT_MEMBERS,
  type Admission,
  admissionCodec,
  admissionEntry,
  approvalBytes,
  approvalsCodec,
  byteString,
  type Carried,
  CHANGE_MEMBERS,
  type Chain,
  type Codec,
  DEFINE_PROFILE,
  decode,
  definitionEntry,
  type Entry,
  encode,
  equalBytes,
  exactly,
  fixedBytes,
  type MembershipChange,
  membershipChangeCodec,
  membershipEntry,
  oneOf,
  type ProfileDefinition,
  profileDefinitionCodec,
  record,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { fault } from '../complaints.ts';
import { sorted } from './membership.ts';
import type { SetNow } from './nodes.ts';

/** Bytes of a change, and of a proposal, at most. */
const MAX_BYTES = 256 * 1024;

const proposalCodec = record({
  v: exactly(1),
  genesis: fixedBytes(32),
  action: oneOf(CHANGE_MEMBERS, ADMIT_MEMBERS, DEFINE_PROFILE),
  change: byteString(1, MAX_BYTES),
  approvals: approvalsCodec,
});

/** A change that members pass around for their approvals: its bytes, which they sign, and who signed. */
export type Proposal = Carried<typeof proposalCodec>;

/** What a proposal would do. */
export type Content =
  | { readonly action: typeof CHANGE_MEMBERS; readonly change: MembershipChange }
  | { readonly action: typeof ADMIT_MEMBERS; readonly change: Admission }
  | { readonly action: typeof DEFINE_PROFILE; readonly change: ProfileDefinition };

const CODECS = {
  [CHANGE_MEMBERS]: membershipChangeCodec,
  [ADMIT_MEMBERS]: admissionCodec,
  [DEFINE_PROFILE]: profileDefinitionCodec,
} as const;
/** The codec of a change, whichever it is: action and change of a content belong together. */
const codecOf = (action: Content['action']) => CODECS[action] as unknown as Codec<Content['change']>;

/** A proposal that nobody approved yet. */
export function proposalOf(chain: Chain, { action, change }: Content): Proposal {
  return { v: 1, genesis: chain.hash, action, change: encode(codecOf(action), change), approvals: [] };
}

/** What a proposal would do. */
export function contentOf({ action, change }: Proposal): Content {
  const content = decode(codecOf(action), change);
  if (!content.ok) throw fault('bad-proposal', action, content.fault.detail);
  return { action, change: content.value } as Content;
}

/** Reads a proposal for this chain. */
export function readProposal(file: string, chain: Chain): Proposal {
  const proposal = decode(proposalCodec, new Uint8Array(readFileSync(file)), 2 * MAX_BYTES);
  if (!proposal.ok) throw fault('bad-proposal', file, proposal.fault.detail);
  if (!equalBytes(proposal.value.genesis, chain.hash)) throw fault('other-chain', file);
  return proposal.value;
}

/** Writes a proposal for others to approve. */
export function writeProposal(file: string, proposal: Proposal): void {
  writeFileSync(file, encode(proposalCodec, { ...proposal, approvals: sorted(proposal.approvals) }));
}

/** Copies of one proposal with the approvals of all of them. */
export function merged([first, ...others]: readonly Proposal[]): Proposal {
  const other = others.find(
    ({ change, action }) => action !== first!.action || !equalBytes(change, first!.change),
  );
  if (other !== undefined) throw fault('other-proposal');
  return { ...first!, approvals: sorted([first!, ...others].flatMap(({ approvals }) => approvals)) };
}

/** Those of its approvals that count: by validators of the set, and true. */
export function approvers({ change, approvals }: Proposal, chain: Chain, set: SetNow): readonly string[] {
  const message = approvalBytes(chain.hash, set.epoch, nativeSuite.hasher.digest(change));
  return approvals
    .filter(([code, signature]) => {
      const key = set.keys.get(code);
      return key !== undefined && nativeSuite.verifier.verify(key, message, signature);
    })
    .map(([code]) => code);
}

/** The entry by which a carrier brings a proposal to the ledger. */
export function entryOf(proposal: Proposal, carrier: string): Entry {
  const content = contentOf(proposal);
  const approvals = sorted(proposal.approvals);
  switch (content.action) {
    case CHANGE_MEMBERS:
      return membershipEntry(carrier, content.change, approvals);
    case ADMIT_MEMBERS:
      return admissionEntry(content.change, approvals, nativeSuite.hasher);
    case DEFINE_PROFILE:
      return definitionEntry(content.change, approvals);
  }
}
