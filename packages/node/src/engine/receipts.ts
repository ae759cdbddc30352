import {
  type Chain,
  cosignatureLines,
  decode,
  equalBytes,
  formatNote,
  formatReceipt,
  type Handover,
  type LogHash,
  leafCodec,
  leafHashesOf,
  logHash,
  logProver,
  parseCheckpoint,
  pathsOf,
  type Submission,
  type Suite,
  toHex,
} from '@qifeng/core';
import type { CheckpointCertificate } from '../consensus/messages.ts';
import type { Bodies } from '../mempool/bodies.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import type { Epochs } from './epochs.ts';
import type { HandoverKeeper } from './handover-keeper.ts';
import type { LogLines } from './log-lines.ts';
import type { WireCodecs } from './wire/codecs.ts';

/** Makes what leaves the node as text: signed checkpoints and receipts. */
export interface Notary {
  /**
   * Gets what `signedCheckpoint` and `receipt` need for a block at a height beyond its certificate: the log line. True if it
   * is here, or the certificate is not yet; else it is asked for, and false if it did not come.
   */
  prepare(height: number): true | Promise<boolean>;
  /** The note of the certified checkpoint at exactly this height; null without a certificate or log line of that height. */
  signedCheckpoint(height: number): Uint8Array | null;
  /** What leads from the genesis to an epoch, null for epoch 0. */
  handovers(epoch: number): readonly Handover[] | null;
  /** The receipt of a record at the first certified checkpoint at or above its block, or above `from`; null: none yet. */
  receipt(index: number, from?: number): Uint8Array | null;
}

interface SignedEntries {
  readonly submission: Submission;
  readonly pathOf: (i: number) => Uint8Array[];
}

/** A notary over the ledger. */
export function createNotary(
  chain: Chain,
  suite: Suite,
  codecs: WireCodecs,
  lines: LogLines,
  ledger: LedgerReader,
  bodies: Bodies,
  epochs: Epochs,
  handovers: HandoverKeeper,
): Notary {
  const { hasher } = suite;
  const tree: LogHash = logHash(hasher);
  // Kept, as it keeps the inner nodes of the tiles that the receipts of one submission share.
  const prover = logProver(tree, ledger.tiles);
  let last: SignedEntries | null = null;
  let lastNote: { readonly height: number; readonly note: Uint8Array } | null = null;

  const noteOf = (height: number, certificateBytes: Uint8Array): Uint8Array | null => {
    if (lastNote?.height === height) return lastNote.note;
    const certificate = decode(codecs.checkpointCertificate, certificateBytes);
    if (!certificate.ok)
      throw new Error(`stored certificate of ${height} is damaged: ${certificate.fault.detail}`);
    const note = signedNote(certificate.value);
    if (note !== null) lastNote = { height, note };
    return note;
  };

  const signedNote = (certificate: CheckpointCertificate): Uint8Array | null => {
    const { text, epoch, height, signatures } = certificate;
    const line = lines.of(height, text);
    if (line === null) return null;
    const { validators } = epochs.set(epoch)!;
    const cosignatures = cosignatureLines(chain.origin, validators, signatures, hasher);
    return formatNote({ text, signatures: [line, ...cosignatures] });
  };

  /** A submission and the paths of its entries; the last is kept, as receipts of one are asked for together. */
  const submissionOf = (height: number, id: Uint8Array): SignedEntries => {
    if (last !== null && equalBytes(last.submission.id, id)) return last;
    for (const digest of ledger.header(height)?.batches ?? []) {
      const submission = bodies.get(toHex(digest))?.submissions.find(one => equalBytes(one.id, id));
      if (submission === undefined) continue;
      last = { submission, pathOf: pathsOf(tree, leafHashesOf(tree, submission.entryBytes)) };
      return last;
    }
    throw new Error(`block ${height} does not hold submission ${toHex(id)}`);
  };

  /** The certificate that proves a block here, if it is there and all below it is executed. */
  const certificateOf = (height: number) => {
    const certificate = ledger.certificateFrom(lines.lowest(height));
    const head = ledger.head()?.header.height ?? 0;
    return certificate === null || head < certificate.height ? null : certificate;
  };

  return {
    prepare: height => {
      const certificate = certificateOf(height);
      return certificate === null ? true : lines.obtain(certificate.height);
    },
    handovers: epoch => handovers.to(epoch),
    signedCheckpoint: height => {
      const certificate = certificateOf(height);
      return certificate?.height === height ? noteOf(height, certificate.bytes) : null;
    },
    receipt: (index, from = 0) => {
      const leafBytes = ledger.leaf(index);
      if (leafBytes === null) return null;
      const leaf = decode(leafCodec, leafBytes);
      if (!leaf.ok) throw new Error(`stored leaf ${index} is damaged: ${leaf.fault.detail}`);
      const certificate = certificateOf(Math.max(from, leaf.value.height));
      const note = certificate === null ? null : noteOf(certificate.height, certificate.bytes);
      if (certificate === null || note === null) return null;
      const text = ledger.checkpointText(certificate.height);
      const checkpoint = text === null ? null : parseCheckpoint(text);
      if (checkpoint === null || !checkpoint.ok)
        throw new Error(`the checkpoint of block ${certificate.height} is gone`);
      const path = prover.inclusion(index, checkpoint.value.size);
      if (!path.ok) throw new Error(`no path for leaf ${index}: ${path.fault.detail}`);
      const { submission, pathOf } = submissionOf(leaf.value.height, leaf.value.submission);
      return formatReceipt({
        extra: {
          leaf: leafBytes,
          header: submission.headerBytes,
          signature: submission.signature,
          path: pathOf(leaf.value.i),
          opening: null,
          handovers: handovers.to(checkpoint.value.epoch),
        },
        index,
        path: path.value,
        note,
      });
    },
  };
}
