import { type Chain, cosignedMessage, parseCheckpoint, quorum, toHex, toUtf8 } from '@qifeng/core';
import { latin1, nativeHasher } from '@qifeng/core/native';
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
import type { VerificationPool } from '../ports/verification.ts';
import { type Claim, ClaimChecker } from './claims.ts';
import type { SignedBytes } from './wire/signed-bytes.ts';

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
  const checker = new ClaimChecker(pool);

  const claim = (signer: number, { what, bytes }: Said, signature: Uint8Array): Claim | null => {
    const key = keys[signer];
    return key === undefined ? null : { key, what, bytes, signature };
  };
  /** q or more signers, each once and in order. */
  const soundSigners = (signatures: readonly { signer: number }[]): boolean =>
    signatures.length >= q &&
    signatures.every(({ signer }, i) => i === 0 || signatures[i - 1]!.signer < signer);

  const ofVote = (vote: SignedVote): Claims => {
    const { kind, epoch, view, height, hash, signer, signature } = vote;
    return [claim(signer, said(signed.vote(kind, epoch, view, height, hash)), signature)];
  };
  const ofProposal = ({ view, block, signer, signature }: Proposal): Claims => [
    claim(signer, said(signed.vote('prepare', block.epoch, view, block.height, block.hash)), signature),
  ];
  const ofVoteCertificate = (certificate: VoteCertificate, kind: 'prepare' | 'commit'): Claims => {
    const { epoch, view, height, hash, signatures } = certificate;
    if (certificate.kind !== kind || !soundSigners(signatures)) return REFUSED;
    const vote = said(signed.vote(kind, epoch, view, height, hash));
    return signatures.map(({ signer, signature }) => claim(signer, vote, signature));
  };
  const ofCheckpointVote = (vote: CheckpointVote): Claims =>
    saysWhat(chain, vote) ? [claim(vote.signer, cosigned(vote.text)(vote.time), vote.signature)] : REFUSED;
  const ofCheckpoint = (certificate: CheckpointCertificate): Claims => {
    const { text, signatures } = certificate;
    if (!saysWhat(chain, certificate) || !soundSigners(signatures)) return REFUSED;
    const at = cosigned(text);
    return signatures.map(({ signer, time, signature }) => claim(signer, at(time), signature));
  };
  const ofViewChange = (change: ViewChange): Claims => {
    const { epoch, newView, high, checkpoint, signer, signature } = change;
    const nested: Claims = [
      claim(signer, said(signed.viewChange({ epoch, newView, high, checkpoint })), signature),
      ...(checkpoint === null ? [] : ofCheckpoint(checkpoint)),
      ...(high === null ? [] : ofVoteCertificate(high, 'prepare')),
    ];
    const foreign =
      (high !== null && high.epoch !== epoch) || (checkpoint !== null && checkpoint.epoch !== epoch);
    return foreign || (high !== null && high.view >= newView) ? REFUSED : nested;
  };
  const ofNewView = (message: NewView): Claims => {
    const { epoch, view, viewChanges, signer, signature } = message;
    if (!soundSigners(viewChanges)) return REFUSED;
    return [
      claim(signer, said(signed.newView({ epoch, view, viewChanges })), signature),
      ...viewChanges.flatMap(change =>
        change.newView === view && change.epoch === epoch ? ofViewChange(change) : REFUSED,
      ),
    ];
  };
  const ofEvidence = (evidence: Evidence): Claims =>
    evidence.type === 'votes'
      ? [...ofVote(evidence.first), ...ofVote(evidence.second)]
      : [...ofCheckpointVote(evidence.first), ...ofCheckpointVote(evidence.second)];
  const claimsOf = (message: Message): Claims => {
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
      const claims = claimsOf(message);
      return !claims.includes(null) && checker.check(claims as readonly Claim[]);
    },
  };
}

type Claims = readonly (Claim | null)[];
/** Claims that can only fail. */
const REFUSED: Claims = [null];

type Said = Pick<Claim, 'what' | 'bytes'>;

/** The signed bytes of votes and of what changes a view are short. */
function said(bytes: Uint8Array): Said {
  return { what: latin1(bytes), bytes: () => bytes };
}

/** The signed bytes of one checkpoint's cosignatures by their times: its text is hashed once for all of them. */
function cosigned(text: string): (time: number) => Said {
  const hash = latin1(nativeHasher.digest(toUtf8(text)));
  return time => ({ what: hash + time, bytes: () => cosignedMessage(text, time) });
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
