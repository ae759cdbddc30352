import { equalBytes } from '../encoding/bytes.ts';
import {
  type Carried,
  fixedBytes,
  list,
  nullable,
  oneOf,
  positive,
  record,
  refined,
  tuple,
  uint,
} from '../encoding/codec.ts';
import { type Result, refuse } from '../encoding/result.ts';
import type { EpochSet } from '../ledger/epoch-set.ts';
import { quorum } from '../ledger/quorum.ts';
import { handoversCodec } from '../receipts/handover.ts';
import { type HandoverTrust, verifyHandovers } from '../receipts/handovers.ts';
import { MAX_VALIDATORS } from '../records/approvals.ts';
import { COMMIT_TYPE, PREPARE_TYPE, voteBytes } from '../records/vote-bytes.ts';

/** A vote certificate on the wire. */
export const voteCertificateCodec = record({
  kind: oneOf('prepare', 'commit'),
  epoch: uint(0xffff_ffff),
  view: uint(),
  height: positive,
  hash: fixedBytes(32),
  signatures: refined(list(tuple(uint(MAX_VALIDATORS - 1), fixedBytes(64)), MAX_VALIDATORS), signatures =>
    signatures.every(([position], i) => i === 0 || signatures[i - 1]![0] < position)
      ? null
      : 'signers out of order or named twice',
  ),
  handovers: nullable(handoversCodec),
});
/**
 * PREPAREs or COMMITs of one epoch, view, height and block hash by at least q of the epoch's set: signer's position and
 * signature, in order of position, and the handovers to that epoch (null in epoch 0).
 */
export type VoteCertificate = Carried<typeof voteCertificateCodec>;

/** The set that voted. Faults: `wrong-epoch`, those of `verifyHandovers`, `bad-vote`, `no-quorum`. */
export function verifyVotes(certificate: VoteCertificate, trust: HandoverTrust): Result<EpochSet> {
  const { kind, epoch, view, height, hash, signatures, handovers } = certificate;
  const count = handovers?.length ?? 0;
  if (count !== epoch || handovers?.length === 0)
    return refuse('wrong-epoch', `the votes are of epoch ${epoch}, ${count} handovers lead there`);
  const set = verifyHandovers(handovers ?? [], trust);
  if (!set.ok) return set;
  const { validators } = set.value;
  const type = kind === 'prepare' ? PREPARE_TYPE : COMMIT_TYPE;
  const signed = voteBytes(trust.chain.hash, type, epoch, view, height, hash);
  for (const [position, signature] of signatures) {
    const validator = validators[position];
    if (validator === undefined || !trust.suite.verifier.verify(validator.key, signed, signature))
      return refuse('bad-vote', `the vote of position ${position} is not by that member of the set`);
  }
  const q = quorum(validators.length);
  if (signatures.length < q) return refuse('no-quorum', `${signatures.length} votes, ${q} are needed`);
  return set;
}

/** Whether no honest member is under both: one kind, epoch, view and height, two blocks. */
export function votesExclude(a: VoteCertificate, b: VoteCertificate): boolean {
  const slot = a.kind === b.kind && a.epoch === b.epoch && a.view === b.view && a.height === b.height;
  return slot && !equalBytes(a.hash, b.hash);
}
