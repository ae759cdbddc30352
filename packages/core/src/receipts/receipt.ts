import {
  byteString,
  type Carried,
  decode,
  encode,
  fixedBytes,
  list,
  nullable,
  struct,
} from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { MAX_LEAF_BYTES } from '../records/leaf.ts';
import { openingCodec } from '../records/sealed.ts';
import { handoversCodec } from './handover.ts';
import { formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts';

/** Ending of a receipt's file name, after the document's own. */
export const RECEIPT_SUFFIX = '.tlog-proof';

/** The `extra` line of a receipt: what a verifier needs beyond the leaf's place in the log. */
export const extraCodec = struct({
  leaf: byteString(1, MAX_LEAF_BYTES),
  header: byteString(1, 1024),
  signature: fixedBytes(64),
  path: list(fixedBytes(32), 16),
  opening: nullable(openingCodec),
  handovers: nullable(handoversCodec),
});
/**
 * Canonical bytes of the leaf and of the submission's header, the publisher's signature, the entry's path to the
 * header's root; what opens commitments of a sealed record, as its holder adds it; and for each epoch passed since the genesis the checkpoint of its last
 * block, the next epoch's set and the proof of that set in the checkpoint's state.
 */
export type ReceiptExtra = Carried<typeof extraCodec>;

/** A receipt taken apart, its checkpoint still a signed note. */
export interface Receipt extends Omit<TlogProof, 'extra'> {
  readonly extra: ReceiptExtra;
  /** The proof as it was read, for line numbers. */
  readonly proof: TlogProof;
}

/** The text of a receipt: a C2SP tlog-proof whose note is the signed checkpoint. */
export function formatReceipt(receipt: Omit<Receipt, 'proof'>): Uint8Array {
  return formatTlogProof({ ...receipt, extra: encode(extraCodec, receipt.extra) });
}

/** Reads a receipt. Faults: `proof-…`, and `receipt-extra` for an extra line that is missing or not ours. */
export function parseReceipt(bytes: Uint8Array): Result<Receipt> {
  const proof = parseTlogProof(bytes);
  if (!proof.ok) return proof;
  if (proof.value.extra === null) {
    return refuse('receipt-extra', 'line 2: a receipt of this ledger has an extra line, this proof has none');
  }
  const extra = decode(extraCodec, proof.value.extra);
  if (!extra.ok) return refuse('receipt-extra', `line 2: the extra data: ${extra.fault.detail}`);
  return ok({
    extra: extra.value,
    index: proof.value.index,
    path: proof.value.path,
    note: proof.value.note,
    proof: proof.value,
  });
}
