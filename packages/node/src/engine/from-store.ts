import { blockHash, bytesOfHex, decode, type Hasher } from '@qifeng/core';
import { MAX_HEADERS } from '../consensus/chain.ts';
import type { Block, CheckpointCertificate } from '../consensus/messages.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import { blockOf, type WireCodecs } from './wire/codecs.ts';

/** The headers of an answer: those still `held`, newest first, then their ancestors in the store, above `above`. */
export function headersFrom(
  store: LedgerReader,
  hasher: Hasher,
  held: readonly Block[],
  next: string,
  above: number,
): readonly Block[] {
  const blocks = [...held];
  for (let height = store.heightOf(bytesOfHex(next)); height !== null && height > above; height--) {
    if (blocks.length >= MAX_HEADERS) break;
    const header = store.header(height);
    if (header === null) break;
    blocks.push(blockOf(header, blockHash(header, hasher)));
  }
  return blocks;
}

/** The certificate of exactly the block of a height, or null if none is held. */
export function certificateAt(
  store: LedgerReader,
  codecs: WireCodecs,
  height: number,
): CheckpointCertificate | null {
  const stored = store.certificateFrom(height);
  if (stored?.height !== height) return null;
  const certificate = decode(codecs.checkpointCertificate, stored.bytes);
  return certificate.ok ? certificate.value : null;
}
