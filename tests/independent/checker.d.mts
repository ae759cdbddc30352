/** Facts established in order, and what failed: empty when everything holds. */
export interface Verdict {
  readonly steps: readonly string[];
  readonly problems: readonly string[];
}

/** Recomputes everything that a receipt claims from the bytes of its files. Never throws on their content. */
export function check(files: {
  readonly receipt: Uint8Array;
  readonly genesis: Uint8Array;
  /** Left out, the genesis alone decides. */
  readonly policy?: Uint8Array;
  /** Left out, only the receipt is checked. */
  readonly file?: Uint8Array;
}): Verdict;

/** A map proof: canonical CBOR, or its decoded form `[other, bitmap, siblings]`. */
export type Proof =
  | Uint8Array
  | readonly [
      other: readonly [key: Uint8Array, valueHash: Uint8Array] | null,
      bitmap: Uint8Array,
      siblings: readonly Uint8Array[],
    ];

/** Whether the state of `root` holds `value` under `name` (kind and name parts), or nothing if `value` is null. */
export function checkState(claim: {
  readonly root: Uint8Array;
  readonly name: readonly (string | number | Uint8Array)[];
  readonly value: Uint8Array | null;
  readonly proof: Proof;
}): { readonly problems: readonly string[] };

/** The same for a key and the hash of its value. */
export function checkMapKey(claim: {
  readonly root: Uint8Array;
  readonly key: Uint8Array;
  readonly valueHash: Uint8Array | null;
  readonly proof: Proof;
}): { readonly problems: readonly string[] };

/** A handover in its decoded form. */
export type HandoverParts = readonly [checkpoint: Uint8Array, epochValue: Uint8Array, proof: Proof];

/** What handovers lead to from the genesis; null in epoch 0. Never throws on their content. */
export function checkHandovers(claim: {
  readonly genesis: Uint8Array;
  readonly handovers: readonly HandoverParts[] | null;
}): {
  readonly problems: readonly string[];
  readonly set: { readonly epoch: number; readonly start: number; readonly codes: readonly string[] } | null;
};

/** What a status proof shows about kind and name parts as they are asked about; `value` decoded, null for nothing. */
export function checkStatus(claim: {
  readonly proof: Uint8Array;
  readonly genesis: Uint8Array;
  readonly name: readonly (string | number | Uint8Array)[];
}): Verdict & { readonly value: readonly unknown[] | null };

/** Whether the records of `receipts` are all there are of what a status proof is about, and of one log with it. */
export function checkComplete(claim: {
  readonly proof: Uint8Array;
  readonly receipts: readonly Uint8Array[];
  readonly genesis: Uint8Array;
  readonly name: readonly (string | number | Uint8Array)[];
}): Verdict;

/** Whether the logs of the receipts' checkpoints are one that grew, by a file of consistency proofs. */
export function checkGrowth(claim: {
  readonly proofs: Uint8Array;
  readonly receipts: readonly Uint8Array[];
  readonly genesis: Uint8Array;
}): Verdict;

/** Whether the tree of `size` leaves begins with that of the `first` ones (RFC 6962 section 2.1.2). */
export function checkConsistency(claim: {
  readonly first: number;
  readonly firstRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}): { readonly problems: readonly string[] };
