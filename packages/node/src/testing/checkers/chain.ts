import type { Block } from '../../consensus/messages.ts';
import { Violation } from './violation.ts';

/** What is true of batches and blocks, whoever asks. */
export interface Rules {
  /** Whether a batch holds a governance submission. */
  governs(batch: string): boolean;
  /** Bytes of a batch, and of the bodies of a block at most. */
  size(batch: string): number;
  readonly maxBytes: number;
  /** Whether a proposer, by its code, may put into a block what is executed: it is passed over then. */
  repeats(proposer: string): boolean;
}

/**
 * All replicas execute one chain, each height once and in order, timestamps rising, every batch only if a client sent it
 * and, unless a liar says it again, at most once, with one checkpoint text a height.
 */
export class ChainChecker {
  readonly #genesis: string;
  readonly #chain: { readonly block: Block; readonly text: string }[] = [];
  readonly #batches = new Map<string, number>();
  readonly #executed: number[];
  readonly #rules: Rules;
  readonly #sent: ReadonlySet<string>;
  /** Batches in blocks that are in blocks below already. */
  repeated = 0;

  /** `rules`: what bodies say. */
  constructor(members: number, genesis: string, sent: ReadonlySet<string>, rules: Rules) {
    this.#rules = rules;
    this.#genesis = genesis;
    this.#executed = Array.from({ length: members }, () => 0);
    this.#sent = sent;
  }

  /** `latest`: the latest time that a sound clock allows the block now. */
  executed(replica: number, block: Block, text: string, latest = Number.POSITIVE_INFINITY): void {
    if (block.timestamp > latest)
      throw new Violation('time', `${block.hash} is dated ${block.timestamp - latest} ms too late`);
    const expected = this.#executed[replica]! + 1;
    if (block.height !== expected)
      throw new Violation('chain', `${replica} executes ${block.height}, expected ${expected}`);
    this.#executed[replica] = block.height;
    const known = this.#chain[block.height - 1];
    if (known === undefined) this.#extend(block, text);
    else if (known.block.hash !== block.hash) {
      throw new Violation(
        'agreement',
        `${replica} executes ${block.hash} at ${block.height}, others ${known.block.hash}`,
      );
    } else if (known.text !== text)
      throw new Violation('chain', `${replica} has another checkpoint at ${block.height}`);
  }

  /** A replica has the state after a block without executing those before it. */
  adopted(replica: number, height: number, hash: string): void {
    if (this.at(height)?.hash !== hash)
      throw new Violation('agreement', `${replica} adopts the state of ${hash} at ${height}`);
    this.#executed[replica] = height;
  }

  /** A replica whose disk was wiped begins again. */
  wiped(replica: number): void {
    this.#executed[replica] = 0;
  }

  #extend(block: Block, text: string): void {
    const parent = this.#chain.at(-1)?.block;
    if (block.parent !== (parent?.hash ?? this.#genesis))
      throw new Violation('chain', `${block.hash} has another parent`);
    if (block.timestamp <= (parent?.timestamp ?? -1))
      throw new Violation('chain', `${block.hash} is not later than its parent`);
    const { governs, size, maxBytes, repeats } = this.#rules;
    if (block.barrier !== block.batches.some(governs))
      throw new Violation('chain', `${block.hash} says barrier ${block.barrier}, which its batches do not`);
    const bytes = block.batches.reduce((sum, batch) => sum + size(batch), 0);
    if (bytes > maxBytes)
      throw new Violation('chain', `the bodies of ${block.hash} are of ${bytes} bytes, at most ${maxBytes}`);
    for (const batch of block.batches) {
      const before = this.#batches.get(batch);
      if (before !== undefined && repeats(block.proposer)) {
        this.repeated++;
        continue;
      }
      if (before !== undefined)
        throw new Violation('chain', `batch ${batch} executed at ${before} and ${block.height}`);
      if (!this.#sent.has(batch)) throw new Violation('chain', `batch ${batch} was sent by nobody`);
      this.#batches.set(batch, block.height);
    }
    this.#chain.push({ block, text });
  }

  /** Blocks executed by anybody, lowest first. */
  get blocks(): readonly Block[] {
    return this.#chain.map(link => link.block);
  }

  /** How many blocks anybody executed. */
  get height(): number {
    return this.#chain.length;
  }

  /** Batches executed by anybody. */
  get batches(): number {
    return this.#batches.size;
  }

  /** Height each replica has executed. */
  get heights(): readonly number[] {
    return this.#executed;
  }

  /** The block executed at a height. */
  at(height: number): Block | undefined {
    return this.#chain[height - 1]?.block;
  }

  has(batch: string): boolean {
    return this.#batches.has(batch);
  }
}
