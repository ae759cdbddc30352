import {
  type Chain,
  cosignerName,
  decode,
  equalBytes,
  formatNote,
  formatReceipt,
  type LogHash,
  leafCodec,
  leafHashesOf,
  logHash,
  logProver,
  makeCosignature,
  makeVerifierKey,
  parseCheckpoint,
  pathsOf,
  quorum,
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
import type { WireCodecs } from './wire/codecs.ts';

/** Makes what leaves the node as text: signed checkpoints and receipts. */
export interface Notary {
  /** The note of the certified checkpoint at exactly this height; null if that height has no certificate. */
  signedCheckpoint(height: number): Uint8Array | null;
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
): Notary {
  const { hasher } = suite;
  const tree: LogHash = logHash(hasher);
  // Kept, as it keeps the inner nodes of the tiles that the receipts of one submission share.
  const prover = logProver(tree, ledger.tiles);
  const q = quorum(chain.validators.length);
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

  const signedNote = ({ text, signatures }: CheckpointCertificate): Uint8Array => {
    const cosignatures = signatures.slice(0, q).map(({ signer, time, signature }) => {
      const { code, key } = chain.validators[signer]!;
      return makeCosignature(cosignerName(chain.origin, code), key, time, signature, hasher);
    });
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

  return {
    signedCheckpoint: height => {
      const certificate = ledger.certificateFrom(height);
      return certificate?.height === height ? noteOf(height, certificate.bytes) : null;
    },
    receipt: index => {
      const leafBytes = ledger.leaf(index);
      if (leafBytes === null) return null;
      const leaf = decode(leafCodec, leafBytes);
      if (!leaf.ok) throw new Error(`stored leaf ${index} is damaged: ${leaf.fault.detail}`);
      const certificate = ledger.certificateFrom(leaf.value.height);
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
          handovers: null,
        },
        index,
        path: path.value,
        note: noteOf(certificate.height, certificate.bytes),
      });
    },
  };
}
