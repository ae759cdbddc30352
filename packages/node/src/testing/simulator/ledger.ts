import {
  type Chain,
  type EpochValue,
  type Header,
  parseCheckpoint,
  type Submission,
  toHex,
  toUtf8,
} from '@qifeng/core';
import { epochSet, rebuild } from '@qifeng/core/execution';
import type { Block } from '../../consensus/messages.ts';
import { stateView } from '../../engine/apply.ts';
import { OnceChecker } from '../checkers/once.ts';
import { Violation } from '../checkers/violation.ts';
import { numberOfKey, simulatedChain, suite } from './genesis.ts';
import { LedgerState } from './state.ts';
import { type Change, changeSubmission, documentsOf } from './submissions.ts';

/** Name of the block below the first. */
export const GENESIS = 'genesis';
const { hasher } = suite;
/** One head in so many is compared with the rebuilt one. */
const COMPARED = 25;

/** The validators of one epoch as the executed state has them. */
export interface SimulatedSet {
  readonly value: EpochValue;
  /** Numbers of their keys, by position. */
  readonly keys: readonly number[];
}

/** What executing a block came to. */
interface Result {
  readonly text: string;
  readonly closes: boolean;
}

/**
 * The ledger of one simulated run: real execution, log and state, of all and, in some runs, of each disk by itself, which
 * must come to the same; and a naive rebuild at the end.
 */
export class SimulatedLedger {
  readonly #chain: Chain;
  readonly #state: LedgerState;
  readonly #apart: boolean;
  readonly #results = new Map<string, Result>();
  readonly #blocks: { header: Header; submissions: readonly Submission[] }[] = [];
  readonly #once = new OnceChecker();
  /** Checkpoint texts by height. */
  readonly #heads: string[] = [];
  readonly #sets: SimulatedSet[] = [];
  /** What governance batches carry. */
  readonly #changes = new Map<string, readonly Submission[]>();

  readonly #parsed = new Map<string, string>();
  readonly #digests = new Map<string, string>();
  readonly #corrupt: (text: string) => string;

  /**
   * `n` of the `members` validate first. `apart`: each disk has a state of its own and executes for itself, which takes half
   * as long again. `corrupt` is for the test that plants a fault in what is stored.
   */
  constructor(n: number, members: number, apart = false, corrupt: (text: string) => string = text => text) {
    this.#apart = apart;
    this.#corrupt = corrupt;
    this.#chain = simulatedChain(n, members);
    this.#state = new LedgerState(this.#chain);
    this.#learnSet();
  }

  /** The state of a fresh disk; null if one stands for all. */
  fresh(): LedgerState | null {
    return this.#apart ? new LedgerState(this.#chain) : null;
  }

  /** What a block comes to upon the state of one disk, and how that takes it in; with a state for all, that one's. */
  executeOn(state: LedgerState | null, block: Block): Result & { readonly take: () => void } {
    const result = this.execute(block);
    if (state === null) return { ...result, take: () => {} };
    if (block.height !== state.height + 1)
      throw new Violation('chain', `${block.hash} is executed upon the state of ${state.height}`);
    const { header, submissions } = this.#blocks[block.height - 1]!;
    const applied = state.apply(header, digestOf(block.hash), submissions);
    return { ...result, text: applied.write.text, take: () => state.take(applied) };
  }

  /**
   * Checkpoint text after a block, and whether the state holds the next epoch. The chain is one, so the first replica to get
   * there works it out for all who ask about the ledger from outside.
   */
  execute(block: Block): Result {
    const known = this.#results.get(block.hash);
    if (known !== undefined) return known;
    if (block.height !== this.#blocks.length + 1)
      throw new Violation('agreement', `${block.hash} is executed where another block was`);
    const header = this.#headerOf(block);
    const submissions = block.batches.flatMap(
      batch => this.#changes.get(batch) ?? documentsOf(this.#chain, batch),
    );
    const hash = digestOf(block.hash);
    const applied = this.#state.apply(header, hash, submissions);
    for (const { id } of applied.write.outcomes) this.#once.judged(toHex(id));
    this.#state.take(applied);
    const text = this.#corrupt(applied.write.text);
    this.#blocks.push({ header, submissions });
    this.#heads.push(text);
    const result = { text, closes: this.#learnSet() };
    this.#results.set(block.hash, result);
    return result;
  }

  /** The set of an epoch; null while nobody has executed the block that brings it. */
  set(epoch: number): SimulatedSet | null {
    return this.#sets[epoch] ?? null;
  }

  /** The newest epoch that the state holds. */
  get newest(): number {
    return this.#sets.length - 1;
  }

  /** A governance batch from now on carries a change of the newest set. */
  govern(batch: string, change: Change): void {
    const height = this.#blocks.length;
    const { value } = this.#sets[change.epoch]!;
    const submission = changeSubmission(this.#chain, batch, change, value, height, this.#heads.at(-1) ?? '');
    this.#changes.set(batch, [submission]);
  }

  /** Whether a checkpoint text is about this block, of this epoch. */
  says(text: string, height: number, hash: string, epoch: number): boolean {
    let said = this.#parsed.get(text);
    if (said === undefined) {
      const parsed = parseCheckpoint(text);
      const { value } = parsed.ok ? parsed : { value: null };
      said = value === null ? '' : `${value.epoch} ${value.height} ${toHex(value.blockHash)}`;
      this.#parsed.set(text, said);
    }
    return said === `${epoch} ${height} ${this.#digestHex(hash)}`;
  }

  #digestHex(hash: string): string {
    let hex = this.#digests.get(hash);
    if (hex === undefined) {
      hex = toHex(digestOf(hash));
      this.#digests.set(hash, hex);
    }
    return hex;
  }

  /** Records in the log. */
  get size(): number {
    return this.#state.size;
  }

  /**
   * Builds log and state again from the blocks alone, with code that shares nothing with the above, and compares: the
   * last head and some before, so that every head extends the ones below it.
   */
  recheck(): void {
    const last = this.#blocks.length;
    for (const built of rebuild(this.#chain, suite, this.#blocks)) {
      if (built.height !== last && built.height % COMPARED !== 0) continue;
      const [, size, logRoot, , state] = this.#heads[built.height - 1]!.split('\n');
      const mine = `${size} ${logRoot} ${state?.split(' ')[1]}`;
      const theirs = `${built.size} ${base64(built.logRoot)} ${base64(built.stateRoot)}`;
      if (mine !== theirs)
        throw new Violation('rebuild', `at ${built.height} the ledger says ${mine}, its blocks ${theirs}`);
    }
  }

  /** The checkpoint text of a height. */
  head(height: number): string | undefined {
    return this.#heads[height - 1];
  }

  /** True if the state holds one more set now. */
  #learnSet(): boolean {
    const value = epochSet(stateView(this.#state.reader, hasher), this.#sets.length);
    if (value === null) return false;
    this.#sets.push({ value, keys: value.validators.map(({ key }) => numberOfKey(key)) });
    return true;
  }

  #headerOf({ height, parent, proposer, epoch, timestamp, barrier, batches }: Block): Header {
    return {
      v: 1,
      genesis: this.#chain.hash,
      height,
      parent: digestOf(parent),
      proposer,
      epoch,
      timestamp,
      batches: batches.map(digestOf),
      barrier,
    };
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function digestOf(name: string): Uint8Array {
  return hasher.digest(toUtf8(name));
}
