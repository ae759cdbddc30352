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
  makeVerifierKey,
  parseCheckpoint,
  pathsOf,
  type Signer,
  type Submission,
  type Suite,
  TYPE_ED25519,
  toHex,
  toUtf8,
} from '@qifeng/core';
import type { CheckpointCertificate } from '../consensus/messages.ts';
import type { Bodies } from '../mempool/bodies.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import type { Epochs } from './epochs.ts';
import type { HandoverKeeper } from './handover-keeper.ts';
import type { WireCodecs } from './wire/codecs.ts';

/** Makes what leaves the node as text: signed checkpoints and receipts. */
export interface Notary {
  /** Whether this node's log key is of the epoch of a height or of a later one: else it makes no note for that height. */
  signs(height: number): boolean;
  /** The note of the certified checkpoint at exactly this height; null if that height has no certificate. */
  signedCheckpoint(height: number): Uint8Array | null;
  /** What leads from the genesis to an epoch, null for epoch 0. */
  handovers(epoch: number): readonly Handover[] | null;
  /** The receipt of a record at the first certified checkpoint at or above its block; null: none yet. */
  receipt(index: number): Uint8Array | null;
}

interface SignedEntries {
  readonly submission: Submission;
  readonly pathOf: (i: number) => Uint8Array[];
}

/** A notary over the ledger; `logSigner` is the node's own log key. */
export function createNotary(
  chain: Chain,
  suite: Suite,
  codecs: WireCodecs,
  logSigner: Signer,
  ledger: LedgerReader,
  bodies: Bodies,
  epochs: Epochs,
  handovers: HandoverKeeper,
): Notary {
  const { hasher } = suite;
  const tree: LogHash = logHash(hasher);
  // Kept, as it keeps the inner nodes of the tiles that the receipts of one submission share.
  const prover = logProver(tree, ledger.tiles);
  const logKey = makeVerifierKey(chain.origin, TYPE_ED25519, logSigner.publicKey, hasher);
  let last: SignedEntries | null = null;
  let lastNote: { readonly height: number; readonly note: Uint8Array } | null = null;

  const noteOf = (height: number, certificateBytes: Uint8Array): Uint8Array => {
    if (lastNote?.height === height) return lastNote.note;
    const certificate = decode(codecs.checkpointCertificate, certificateBytes);
    if (!certificate.ok)
      throw new Error(`stored certificate of ${height} is damaged: ${certificate.fault.detail}`);
    const note = signedNote(certificate.value);
    lastNote = { height, note };
    return note;
  };

  const signedNote = (certificate: CheckpointCertificate): Uint8Array => {
    const { text, epoch, signatures } = certificate;
    const { validators } = epochs.set(epoch)!;
    const cosignatures = cosignatureLines(chain.origin, validators, signatures, hasher);
    const line = { name: chain.origin, keyId: logKey.keyId, signature: logSigner.sign(toUtf8(text)) };
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

  const isOurs = (epoch: number): boolean =>
    epochs.set(epoch)!.validators.some(({ logKey }) => equalBytes(logKey, logSigner.publicKey));

  /** The lowest height from `height` on whose checkpoint this node's log key may sign: that of an epoch it belongs to. */
  const signable = (height: number): number | null => {
    let epoch = epochs.at(height);
    if (isOurs(epoch)) return height;
    while (epochs.set(++epoch) !== null) if (isOurs(epoch)) return epochs.set(epoch)!.start;
    return null;
  };

  return {
    signs: height => signable(height) !== null,
    handovers: epoch => handovers.to(epoch),
    signedCheckpoint: height => {
      const certificate = signable(height) === height ? ledger.certificateFrom(height) : null;
      return certificate?.height === height ? noteOf(height, certificate.bytes) : null;
    },
    receipt: index => {
      const leafBytes = ledger.leaf(index);
      if (leafBytes === null) return null;
      const leaf = decode(leafCodec, leafBytes);
      if (!leaf.ok) throw new Error(`stored leaf ${index} is damaged: ${leaf.fault.detail}`);
      const from = signable(leaf.value.height);
      const certificate = from === null ? null : ledger.certificateFrom(from);
      const head = ledger.head();
      if (certificate === null || head === null || head.header.height < certificate.height) return null;
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
        note: noteOf(certificate.height, certificate.bytes),
      });
    },
  };
}
