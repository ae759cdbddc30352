import {
  type BlockPlace,
  blockHash,
  type Chain,
  type Checkpoint,
  equalBytes,
  followBlock,
  formatCheckpoint,
  type Header,
  type Leaf,
  type Suite,
} from '@qifeng/core';
import { ahead, range } from './ahead.ts';
import { AuditFault, served } from './fault.ts';
import type { BlockView, NodeReader } from './node-reader.ts';
import type { ToldBlock } from './state-replay.ts';

/** Blocks asked for at a time. */
const AT_ONCE = 16;

/**
 * Walks a node's blocks upwards, each after its parent, to the block of its certified checkpoint. What it served below is
 * thereby bound to that checkpoint. Faults, thrown: `block-chain`, `block-mismatch`.
 */
export class BlockWalk {
  readonly #chain: Chain;
  readonly #suite: Suite;
  readonly #head: Checkpoint;
  readonly #from: number;
  readonly #views: AsyncGenerator<BlockView, void>;
  readonly #wanted: ReadonlySet<number>;
  readonly #texts = new Map<number, string>();
  readonly #onBlock: (block: ToldBlock) => void;
  #place: BlockPlace;
  #first = 0;
  #size = 0;

  /** From the block after height `from`, where that one is taken as the node says until the walk has reached the head. */
  constructor(
    reader: NodeReader,
    head: Checkpoint,
    from: number,
    wanted: ReadonlySet<number>,
    chain: Chain,
    suite: Suite,
    onBlock: (block: ToldBlock) => void = () => {},
  ) {
    this.#chain = chain;
    this.#suite = suite;
    this.#head = head;
    this.#from = from;
    this.#wanted = wanted;
    this.#onBlock = onBlock;
    this.#place = { height: 0, hash: chain.hash, time: 0 };
    this.#views = ahead(range(Math.max(from, 1), head.height + 1), AT_ONCE, height => reader.block(height));
  }

  /** Checkpoint texts that the node tells for the heights it was asked to remember; hashes in them are those walked. */
  get texts(): ReadonlyMap<number, string> {
    return this.#texts;
  }

  /** That a record is in the block it names; those up to height `from` are not looked at. */
  async holds(index: number, { height, time }: Leaf): Promise<void> {
    if (height <= this.#from) return;
    if (height > this.#head.height || height < this.#place.height)
      throw new AuditFault('block-mismatch', `record ${index} is of block ${height}, out of its place`);
    while (this.#place.height < height) await this.#next();
    if (index < this.#first || index >= this.#size || time !== this.#place.time)
      throw new AuditFault(
        'block-mismatch',
        `record ${index} of ${time} is not in block ${height} of ${this.#place.time}, which holds ${this.#first} to ${this.#size - 1}`,
      );
  }

  /** Goes on to the head. */
  async finish(): Promise<void> {
    while (this.#place.height < this.#head.height) await this.#next();
    if (!equalBytes(this.#place.hash, this.#head.blockHash))
      throw new AuditFault(
        'block-chain',
        `block ${this.#head.height} is not the one of the node's checkpoint`,
      );
    if (this.#size !== this.#head.size)
      throw new AuditFault(
        'block-mismatch',
        `the blocks hold ${this.#size} records, the log ${this.#head.size}`,
      );
  }

  async #next(): Promise<void> {
    const { value: view } = await this.#views.next();
    const { header, checkpoint, first, count } = view!;
    // The block that the walk starts on has no parent here: its own hash and size are taken from it.
    const begins = header.height === this.#from;
    this.#place = begins
      ? { height: header.height, hash: blockHash(header, this.#suite.hasher), time: header.timestamp }
      : served(followBlock(this.#place, header, this.#chain, this.#suite));
    const { height, hash } = this.#place;
    const before = begins ? first : this.#size;
    const { origin, blockHash: named } = checkpoint;
    const fits = origin === this.#chain.origin && checkpoint.height === height && equalBytes(named, hash);
    if (!fits || first !== before || checkpoint.size !== first + count)
      throw new AuditFault('block-mismatch', `what the node tells of block ${height} does not fit together`);
    this.#first = first;
    this.#size = checkpoint.size;
    this.#onBlock({ height, time: header.timestamp, stateRoot: checkpoint.stateRoot });
    if (this.#wanted.has(height)) this.#texts.set(height, formatCheckpoint(checkpoint));
  }
}

/** Headers above one height up to another, unchecked. */
export async function headersBetween(
  reader: NodeReader,
  low: number,
  high: number,
): Promise<readonly Header[]> {
  const headers: Header[] = [];
  const views = ahead(range(low + 1, high + 1), AT_ONCE, height => reader.block(height));
  for await (const { header } of views) headers.push(header);
  return headers;
}
