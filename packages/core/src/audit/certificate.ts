import { byteString, type Carried, nullable, record } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts';
import type { EpochSet } from '../ledger/epoch-set.ts';
import { formatNote, formatSignatureLine, parseNote } from '../ledger/note.ts';
import { type Cosigner, verifyCosigners } from '../receipts/cosigners.ts';
import { handoversCodec } from '../receipts/handover.ts';
import { type HandoverTrust, verifyEpoch } from '../receipts/handovers.ts';

const MAX_NOTE = 64 * 1024;

/** A certificate on the wire, `[checkpoint, handovers]`. */
export const certificateCodec = record({
  checkpoint: byteString(1, MAX_NOTE),
  handovers: nullable(handoversCodec),
});
/**
 * A checkpoint that a quorum signed, to be judged by the genesis alone: the note with exactly q cosignatures of its
 * epoch's set in order and no other line, and the handovers to that epoch (null in epoch 0).
 */
export type Certificate = Carried<typeof certificateCodec>;

/** A cosignature that counted, with its note line (without a newline). */
export interface SignedLine extends Cosigner {
  readonly key: Uint8Array;
  readonly line: string;
}

/** A certificate that was verified. */
export interface Certified {
  readonly certificate: Certificate;
  readonly checkpoint: Checkpoint;
  /** What was signed. */
  readonly text: string;
  /** The set of its epoch, as the handovers give it. */
  readonly set: EpochSet;
  /** Exactly q, in order of the set. */
  readonly signers: readonly SignedLine[];
}

/**
 * The certificate in a node's signed checkpoint, whose first line is the log's own: that line says which node served it,
 * which nobody else need know. Unverified; faults are those of `parseNote`.
 */
export function certificateIn(note: Uint8Array, handovers: Certificate['handovers']): Result<Certificate> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { text, signatures } = parsed.value;
  const origin = text.slice(0, text.indexOf('\n'));
  const cosignatures = signatures.filter(({ name }, i) => i > 0 || name !== origin);
  if (cosignatures.length === 0) return refuse('no-quorum', 'the checkpoint has no cosignature');
  return ok({ checkpoint: formatNote({ text, signatures: cosignatures }), handovers });
}

/**
 * Verifies a certificate by the genesis. Faults: those of the parsers, `wrong-chain`, and those of `verifyEpoch` and
 * `verifyCosigners`.
 */
export function verifyCertificate(certificate: Certificate, trust: HandoverTrust): Result<Certified> {
  const note = parseNote(certificate.checkpoint);
  if (!note.ok) return note;
  const { text, signatures } = note.value;
  const parsed = parseCheckpoint(text);
  if (!parsed.ok) return parsed;
  const checkpoint = parsed.value;
  const { origin } = trust.chain;
  if (checkpoint.origin !== origin)
    return refuse('wrong-chain', `the checkpoint is of ${checkpoint.origin}, not ${origin}`);
  const set = verifyEpoch(checkpoint, certificate.handovers, trust);
  if (!set.ok) return set;
  const { validators } = set.value;
  const cosigners = verifyCosigners(text, signatures, origin, validators, trust.suite);
  if (!cosigners.ok) return cosigners;
  const keys = new Map(validators.map(({ code, key }) => [code, key]));
  const signers = cosigners.value.map((cosigner, i) => ({
    ...cosigner,
    key: keys.get(cosigner.code)!,
    line: formatSignatureLine(signatures[i]!).trimEnd(),
  }));
  return ok({ certificate, checkpoint, text, set: set.value, signers });
}
