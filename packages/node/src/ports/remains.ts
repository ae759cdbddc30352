import type { Header } from '@qifeng/core';

/** What can still be read of a damaged store. What is missing or not as it was written is null, or left out. */
export interface Remains {
  /** Genesis hash of its chain. */
  readonly genesis: Uint8Array | null;
  /** Height of the snapshot with which it begins; null: the genesis, or not known. */
  readonly base: number | null;
  /** Height of its highest block. */
  readonly top: number;
  block(height: number): { readonly header: Header; readonly text: string } | null;
  batch(digest: Uint8Array): Uint8Array | null;
  certificate(height: number): Uint8Array | null;
  /** Bodies of the batches that no executed block names. */
  pendingBatches(): readonly Uint8Array[];
  evidence(): readonly Uint8Array[];
}
