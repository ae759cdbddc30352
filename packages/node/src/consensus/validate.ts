import { type Config, quorumOf, size } from './config.ts';
import type { CertificateSignature, CheckpointCertificate, VoteCertificate, VoteKind } from './messages.ts';

/**
 * Whether a certificate, its signatures already verified, is what its place asks for: the right kind, of this epoch,
 * with q different signers of the set. A PREPARED certificate never stands where a commit certificate must.
 */
export function isVoteCertificate(config: Config, certificate: VoteCertificate, kind: VoteKind): boolean {
  return (
    certificate.kind === kind &&
    certificate.epoch === config.epoch &&
    hasQuorum(config, certificate.signatures)
  );
}

/** The same for a checkpoint certificate. */
export function isCheckpointCertificate(config: Config, certificate: CheckpointCertificate): boolean {
  return certificate.epoch === config.epoch && hasQuorum(config, certificate.signatures);
}

/** Signers are counted, not signatures. */
function hasQuorum(config: Config, signatures: readonly CertificateSignature[]): boolean {
  const signers = new Set(signatures.map(({ signer }) => signer));
  return (
    signers.size === signatures.length &&
    signers.size >= quorumOf(config) &&
    [...signers].every(signer => Number.isInteger(signer) && signer >= 0 && signer < size(config))
  );
}
