import { toUtf8 } from '../../encoding/utf8.ts';
import { blockHash, type Header } from '../../ledger/block.ts';
import { formatCheckpoint } from '../../ledger/checkpoint.ts';
import type { Chain } from '../../ledger/genesis.ts';
import { formatNote } from '../../ledger/note.ts';
import { mth, testLeaf } from '../../merkle/testing/log-oracle.ts';
import { nativeSuite } from '../../native/native-suite.ts';
import { cosignatureLines } from '../../receipts/cosigners.ts';
import type { Handover } from '../../receipts/handover.ts';
import { type Seat, setValue, signaturesOf } from '../../receipts/testing/handover-chain.ts';
import type { Certificate } from '../certificate.ts';

const { hasher } = nativeSuite;

/** Blocks of one leaf each, and heartbeats without one. Two branches share what they were given alike. */
export class Branch {
  readonly #chain: Chain;
  readonly headers: Header[] = [];
  readonly leaves: Uint8Array[] = [];
  readonly #sizes: number[] = [];

  constructor(chain: Chain, blocks: readonly string[] = []) {
    this.#chain = chain;
    for (const name of blocks) this.add(name);
  }

  /** One more block; a name that begins with a dash has no leaf. */
  add(name: string): this {
    const height = this.headers.length + 1;
    this.headers.push({
      v: 1,
      genesis: this.#chain.hash,
      height,
      parent: this.hash(height - 1),
      proposer: '110000',
      epoch: 0,
      timestamp: 1000 * height,
      batches: [hasher.digest(toUtf8(name))],
      barrier: false,
    });
    if (!name.startsWith('-')) this.leaves.push(hasher.digest(toUtf8(`leaf ${name}`)));
    this.#sizes.push(this.leaves.length);
    return this;
  }

  hash(height: number): Uint8Array {
    return height === 0 ? this.#chain.hash : blockHash(this.headers[height - 1]!, hasher);
  }

  /** Checkpoint text of a block. */
  text(height: number, epoch = 0): string {
    const size = this.#sizes[height - 1]!;
    return formatCheckpoint({
      origin: this.#chain.origin,
      size,
      root: mth(this.leaves.slice(0, size)),
      height,
      blockHash: this.hash(height),
      stateRoot: testLeaf(height),
      epoch,
    });
  }
}

/** The certificate of a text by the positions given of a set. */
export function certify(
  chain: Chain,
  seats: readonly Seat[],
  text: string,
  signers: readonly number[],
  handovers: readonly Handover[] | null = null,
): Certificate {
  const { validators } = setValue(seats, 0);
  const signatures = cosignatureLines(chain.origin, validators, signaturesOf(seats, text, signers), hasher);
  return { checkpoint: formatNote({ text, signatures }), handovers };
}
