import { byteString, type Carried, exactly, fixedBytes, list, oneOf, record } from '../encoding/codec.ts';
import { approvalsCodec } from './approvals.ts';
import {
  ADMIT_MEMBERS,
  CHANGE_MEMBERS,
  CHANGE_OBSERVERS,
  CHANGE_PUBLISHERS,
  DEFINE_PROFILE,
} from './governance.ts';

/** Bytes of a change at most. */
const MAX_BYTES = 256 * 1024;
/** Proposals in a file at most: changes of more publishers than a roster of 64 MiB has. */
const MOST = 16_384;
/** Bytes of a file of proposals at most. */
export const MAX_PROPOSALS_BYTES = 128 * 1024 * 1024;

const proposalCodec = record({
  v: exactly(1),
  genesis: fixedBytes(32),
  action: oneOf(CHANGE_MEMBERS, ADMIT_MEMBERS, CHANGE_OBSERVERS, DEFINE_PROFILE, CHANGE_PUBLISHERS),
  change: byteString(1, MAX_BYTES),
  approvals: approvalsCodec,
});

/** A change that members pass around for their approvals: its bytes, which they sign, and who signed. */
export type Proposal = Carried<typeof proposalCodec>;

/** The file in which members pass them around: one, or as many as the publishers in it take; approved and recorded together. */
export const proposalsCodec = list(proposalCodec, MOST, 1);
