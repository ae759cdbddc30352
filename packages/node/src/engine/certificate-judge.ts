import { type Chain, decode, type Suite } from '@qifeng/core';
import type { CheckpointCertificate } from '../consensus/messages.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { epochsOf } from './epochs.ts';
import { keysOf } from './seat.ts';
import { type MessageVerifier, messageVerifier } from './verify.ts';
import { wireCodecs } from './wire/codecs.ts';
import { signedBytesOf } from './wire/signed-bytes.ts';

/**
 * Judges certificates as they are stored by the sets in an executed state: gives one whose every signature is right, by the
 * set of the epoch of its height, and null for any other.
 */
export function certificateJudge(
  chain: Chain,
  suite: Suite,
  store: LedgerReader,
  pool: VerificationPool,
): (height: number, bytes: Uint8Array) => Promise<CheckpointCertificate | null> {
  const codecs = wireCodecs(chain.hash, suite.hasher);
  const signed = signedBytesOf(chain.hash, suite.hasher, codecs);
  const epochs = epochsOf(chain, suite, store);
  const verifierOf = (epoch: number): MessageVerifier | null => {
    const set = epochs.set(epoch);
    return set === null ? null : messageVerifier(chain, epoch, keysOf(set.validators), signed, pool);
  };
  return async (height, bytes) => {
    const decoded = decode(codecs.checkpointCertificate, bytes);
    if (!decoded.ok || decoded.value.height !== height) return null;
    const certificate = decoded.value;
    if (epochs.at(height) !== certificate.epoch) return null;
    const message = { type: 'checkpoint-certificate', certificate } as const;
    return (await verifierOf(certificate.epoch)?.verify(message)) ? certificate : null;
  };
}
