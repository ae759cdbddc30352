import { readFileSync, writeFileSync } from 'node:fs';
import {
  ADMIT_MEMBERS,
  type Admission,
  type Approvals,
  admissionCodec,
  admissionEntry,
  approvalBytes,
  CHANGE_MEMBERS,
  CHANGE_OBSERVERS,
  CHANGE_PUBLISHERS,
  type Chain,
  type Codec,
  DEFINE_PROFILE,
  decode,
  definitionEntry,
  type Entry,
  encode,
  equalBytes,
  MAX_PROPOSALS_BYTES,
  type MembershipChange,
  membershipChangeCodec,
  membershipEntry,
  type ObserverChange,
  observerChangeCodec,
  observersEntry,
  type ProfileDefinition,
  type Proposal,
  type PublisherChange,
  profileDefinitionCodec,
  proposalsCodec,
  publisherChangeCodec,
  publishersEntry,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { fault } from '../complaints.ts';
import { sorted } from './membership.ts';
import type { SetNow } from './nodes.ts';

/** What a proposal would do. */
export type Content =
  | { readonly action: typeof CHANGE_MEMBERS; readonly change: MembershipChange }
  | { readonly action: typeof ADMIT_MEMBERS; readonly change: Admission }
  | { readonly action: typeof CHANGE_OBSERVERS; readonly change: ObserverChange }
  | { readonly action: typeof DEFINE_PROFILE; readonly change: ProfileDefinition }
  | { readonly action: typeof CHANGE_PUBLISHERS; readonly change: PublisherChange };

const CODECS = {
  [CHANGE_MEMBERS]: membershipChangeCodec,
  [ADMIT_MEMBERS]: admissionCodec,
  [CHANGE_OBSERVERS]: observerChangeCodec,
  [DEFINE_PROFILE]: profileDefinitionCodec,
  [CHANGE_PUBLISHERS]: publisherChangeCodec,
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

/**
 * Reads the proposals of a file, all for this chain: one, or several of publishers, all of which an approver is shown. Nothing
 * else is hidden behind the first.
 */
export function readProposals(file: string, chain: Chain): readonly Proposal[] {
  const proposals = decode(proposalsCodec, new Uint8Array(readFileSync(file)), MAX_PROPOSALS_BYTES);
  if (!proposals.ok) throw fault('bad-proposal', file, proposals.fault.detail);
  if (proposals.value.some(({ genesis }) => !equalBytes(genesis, chain.hash)))
    throw fault('other-chain', file);
  if (proposals.value.length > 1 && proposals.value.some(({ action }) => action !== CHANGE_PUBLISHERS))
    throw fault('bad-proposal', file, `a proposal beside another, not all of ${CHANGE_PUBLISHERS}`);
  return proposals.value;
}

/** Writes proposals for others to approve. */
export function writeProposals(file: string, proposals: readonly Proposal[]): void {
  const inOrder = proposals.map(proposal => ({ ...proposal, approvals: sorted(proposal.approvals) }));
  writeFileSync(file, encode(proposalsCodec, inOrder));
}

/** Copies of one proposal with the approvals of all of them. */
export function merged([first, ...others]: readonly Proposal[]): Proposal {
  const other = others.find(
    ({ change, action }) => action !== first!.action || !equalBytes(change, first!.change),
  );
  if (other !== undefined) throw fault('other-proposal');
  return { ...first!, approvals: sorted([first!, ...others].flatMap(({ approvals }) => approvals)) };
}

/** The same of files of proposals. */
export function mergedFiles(files: readonly (readonly Proposal[])[]): readonly Proposal[] {
  const [first, ...others] = files;
  if (others.some(({ length }) => length !== first!.length)) throw fault('other-proposal');
  return first!.map((_, i) => merged(files.map(file => file[i]!)));
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

/**
 * The approvals by which the ledger takes a change: that of the home member alone if it is one of publishers and the member has
 * a vote, else those of a quorum. Throws as long as they are too few.
 */
export function enough(proposal: Proposal, chain: Chain, set: SetNow): Approvals {
  const valid = approvers(proposal, chain, set);
  const { action, change } = contentOf(proposal);
  const alone = action === CHANGE_PUBLISHERS && valid.includes(change.home);
  if (!alone && valid.length < set.quorum) throw fault('too-few-approvals', valid.length, set.quorum);
  const taken = alone ? [change.home] : valid;
  return proposal.approvals.filter(([code]) => taken.includes(code));
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
    case CHANGE_OBSERVERS:
      return observersEntry(content.change, approvals, nativeSuite.hasher);
    case DEFINE_PROFILE:
      return definitionEntry(content.change, approvals);
    case CHANGE_PUBLISHERS:
      return publishersEntry(content.change, approvals, nativeSuite.hasher);
  }
}
