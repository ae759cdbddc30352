import { type Chain, concat, cosignedMessage, parseCheckpoint, quorum, toHex } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import {
  type CheckpointCertificate,
  type CheckpointVote,
  type Evidence,
  epochOf,
  type Message,
  type NewView,
  type Proposal,
  type SignedVote,
  type ViewChange,
  type VoteCertificate,
} from '../consensus/messages.ts';
import type { SignatureJob, VerificationPool } from '../ports/verification.ts';
import type { SignedBytes } from './wire/signed-bytes.ts';

/**
 * Signatures of certificates remembered as verified: the same ones arrive in every STATUS answer and VIEW-CHANGE. Enough for
 * the VIEW-CHANGEs of several views of 31 members, which are resent; with 1,024 each of them was verified again each time.
 */
const REMEMBERED = 16_384;

/** Checks messages before they become inputs: signers, positions, nested certificates, every signature. */
export interface MessageVerifier {
  /** True iff the message is of the epoch, or of none, and everything in it is as its signers made it. */
  verify(message: Message): Promise<boolean>;
}

/**
 * A verifier for one epoch by the keys of its set, in order of position. A message with anything wrong in it is refused whole: an honest sender has
 * checked all it passes on, so only a faulty one can send such a message.
 */
export function messageVerifier(
  chain: Chain,
  current: number,
  keys: readonly Uint8Array[],
  signed: SignedBytes,
  pool: VerificationPool,
): MessageVerifier {
  const q = quorum(keys.length);
  const remembered = new Set<string>();

  const job = (signer: number, message: Uint8Array, signature: Uint8Array): SignatureJob | null => {
    const key = keys[signer];
    return key === undefined ? null : [key, message, signature];
  };
  /** q or more signers, each once and in order. */
  const soundSigners = (signatures: readonly { signer: number }[]): boolean =>
    signatures.length >= q &&
    signatures.every(({ signer }, i) => i === 0 || signatures[i - 1]!.signer < signer);

  const ofVote = (vote: SignedVote): Jobs => [
    job(vote.signer, signed.vote(vote.kind, vote.epoch, vote.view, vote.height, vote.hash), vote.signature),
  ];
  const ofProposal = ({ view, block, signer, signature }: Proposal): Jobs => [
    job(signer, signed.vote('prepare', block.epoch, view, block.height, block.hash), signature),
  ];
  const ofVoteCertificate = (certificate: VoteCertificate, kind: 'prepare' | 'commit'): Jobs => {
    const { epoch, view, height, hash, signatures } = certificate;
    if (certificate.kind !== kind || !soundSigners(signatures)) return REFUSED;
    const message = signed.vote(kind, epoch, view, height, hash);
    return signatures.map(({ signer, signature }) => job(signer, message, signature));
  };
  const ofCheckpointVote = (vote: CheckpointVote): Jobs =>
    saysWhat(chain, vote)
      ? [job(vote.signer, cosignedMessage(vote.text, vote.time), vote.signature)]
      : REFUSED;
  const ofCheckpoint = (certificate: CheckpointCertificate): Jobs => {
    const { text, signatures } = certificate;
    if (!saysWhat(chain, certificate) || !soundSigners(signatures)) return REFUSED;
    return signatures.map(({ signer, time, signature }) =>
      job(signer, cosignedMessage(text, time), signature),
    );
  };
  const ofViewChange = (change: ViewChange): Jobs => {
    const { epoch, newView, high, checkpoint, signer, signature } = change;
    const nested: Jobs = [
      job(signer, signed.viewChange({ epoch, newView, high, checkpoint }), signature),
      ...(checkpoint === null ? [] : ofCheckpoint(checkpoint)),
      ...(high === null ? [] : ofVoteCertificate(high, 'prepare')),
    ];
    const foreign =
      (high !== null && high.epoch !== epoch) || (checkpoint !== null && checkpoint.epoch !== epoch);
    return foreign || (high !== null && high.view >= newView) ? REFUSED : nested;
  };
  const ofNewView = (message: NewView): Jobs => {
    const { epoch, view, viewChanges, signer, signature } = message;
    if (!soundSigners(viewChanges)) return REFUSED;
    return [
      job(signer, signed.newView({ epoch, view, viewChanges }), signature),
      ...viewChanges.flatMap(change =>
        change.newView === view && change.epoch === epoch ? ofViewChange(change) : REFUSED,
      ),
    ];
  };
  const ofEvidence = (evidence: Evidence): Jobs =>
    evidence.type === 'votes'
      ? [...ofVote(evidence.first), ...ofVote(evidence.second)]
      : [...ofCheckpointVote(evidence.first), ...ofCheckpointVote(evidence.second)];
  const jobsOf = (message: Message): Jobs => {
    switch (message.type) {
      case 'proposal':
        return ofProposal(message.proposal);
      case 'vote':
        return ofVote(message.vote);
      case 'view-change':
        return ofViewChange(message.viewChange);
      case 'new-view':
        return ofNewView(message.newView);
      case 'checkpoint-vote':
        return ofCheckpointVote(message.vote);
      case 'commit-certificate':
        return ofVoteCertificate(message.certificate, 'commit');
      case 'checkpoint-certificate':
        return ofCheckpoint(message.certificate);
      case 'evidence':
        return ofEvidence(message.evidence);
      case 'status':
      // Unsigned: noise already says who sent it, and nothing is done on its word but sending what it lacks.
      case 'header-request':
      case 'headers':
        // Headers are taken only where a certified hash asks for them.
        return [];
    }
  };

  return {
    verify: async message => {
      const epoch = epochOf(message);
      if (epoch !== null && epoch !== current) return false;
      const jobs = jobsOf(message);
      if (jobs.includes(null)) return false;
      const all = jobs as readonly SignatureJob[];
      if (all.length === 0) return true;
      if (all.length === 1) return (await pool.verify(all))[0]!;
      const fresh = new Map(
        all.map(one => [contentOf(one), one] as const).filter(([content]) => !remembered.has(content)),
      );
      if (fresh.size === 0) return true;
      const verdicts = await pool.verify([...fresh.values()]);
      if (!verdicts.every(verdict => verdict)) return false;
      for (const content of fresh.keys()) remember(remembered, content);
      return true;
    },
  };
}

type Jobs = readonly (SignatureJob | null)[];
/** Jobs that can only fail. */
const REFUSED: Jobs = [null];

/** A signature determines its message only together with it: all three, of which key and signature have one length. */
function contentOf([key, message, signature]: SignatureJob): string {
  return Buffer.from(nativeHasher.digest(concat(key, signature, message))).toString('base64');
}

function remember(remembered: Set<string>, content: string): void {
  if (remembered.size >= REMEMBERED) {
    for (const oldest of remembered) {
      remembered.delete(oldest);
      break;
    }
  }
  remembered.add(content);
}

/** The envelope says what the text says: origin, height, block and epoch. */
function saysWhat(chain: Chain, of: { epoch: number; height: number; hash: string; text: string }): boolean {
  const checkpoint = parseCheckpoint(of.text);
  if (!checkpoint.ok) return false;
  const { origin, height, blockHash, epoch } = checkpoint.value;
  return (
    origin === chain.origin && height === of.height && epoch === of.epoch && toHex(blockHash) === of.hash
  );
}
