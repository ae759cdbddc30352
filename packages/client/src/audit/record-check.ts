import {
  type Chain,
  type Checkpoint,
  type Enrolled,
  Enrolments,
  equalBytes,
  type Fault,
  type Leaf,
  LeafChains,
  type Suite,
  verifyRecorded,
} from '@qifeng/core';
import type { BlockWalk } from './block-walk.ts';
import { AuditFault, Findings } from './fault.ts';
import type { BundleSink } from './log-pass.ts';
import type { RecordedGroup, StateReplay } from './state-replay.ts';

/** Records of one submission, which stand one after the other. */
interface Group extends RecordedGroup {
  readonly leaves: Leaf[];
  readonly records: Uint8Array[];
  /** How their publisher stood before the first of them. */
  readonly enrolled: Enrolled | null;
}

/**
 * Checks the records of a log as they are read: that none was left out of its publisher's and its subject's chain, that each
 * is in its block, that its publisher signed it, and that it comes of executing what was signed. Without a replay the last two
 * are known of the same checkpoint from elsewhere.
 */
export class RecordCheck implements BundleSink {
  readonly findings = new Findings();
  readonly #chain: Chain;
  readonly #suite: Suite;
  readonly #chains = new LeafChains();
  readonly #enrolments: Enrolments;
  readonly #onRecords: (count: number) => void;
  #blocks: BlockWalk | null;
  #replay: StateReplay | null;
  #open: Group | null = null;

  constructor(
    blocks: BlockWalk,
    replay: StateReplay | null,
    chain: Chain,
    suite: Suite,
    onRecords: (count: number) => void,
  ) {
    this.#blocks = blocks;
    this.#replay = replay;
    this.#chain = chain;
    this.#enrolments = new Enrolments(chain);
    this.#suite = suite;
    this.#onRecords = onRecords;
  }

  async bundle(first: number, records: readonly Uint8Array[]): Promise<void> {
    const ended: Group[] = [];
    for (const [i, bytes] of records.entries()) {
      const { leaf, fault } = this.#chains.next(bytes);
      if (fault !== null) this.#add(fault);
      if (leaf === null) continue;
      await this.#guarded(blocks => blocks.holds(first + i, leaf));
      const group = this.#group(first + i, leaf, bytes);
      if (group !== null) ended.push(group);
      this.#enrolments.next(leaf);
    }
    for (const group of ended) await this.#signed(group);
    this.#onRecords(records.length);
  }

  /** Ends the log, which is that of `head`. */
  async finish(head: Checkpoint): Promise<void> {
    await this.#guarded(blocks => blocks.finish());
    if (this.#open !== null) await this.#signed(this.#open);
    this.#open = null;
    await this.#replayed(replay => replay.finish(head));
  }

  /** After a first flaw of the blocks nothing more is to be learnt from them. */
  async #guarded(check: (blocks: BlockWalk) => Promise<void>): Promise<void> {
    if (this.#blocks === null) return;
    try {
      await check(this.#blocks);
    } catch (error) {
      if (!(error instanceof AuditFault)) throw error;
      this.#add({ code: error.code, detail: error.message });
      this.#blocks = null;
    }
  }

  /** Adds a record to its submission; the submission before, if the record begins another. */
  #group(index: number, leaf: Leaf, bytes: Uint8Array): Group | null {
    const open = this.#open;
    if (open !== null && equalBytes(open.leaves[0]!.submission, leaf.submission)) {
      open.leaves.push(leaf);
      open.records.push(bytes);
      return null;
    }
    const enrolled = this.#enrolments.get(leaf.publisher);
    this.#open = { first: index, leaves: [leaf], records: [bytes], enrolled };
    return open;
  }

  async #signed(group: Group): Promise<void> {
    const { first, leaves, enrolled } = group;
    await this.#replayed(async replay => {
      const signed = await replay.take(group);
      const verdict = verifyRecorded(leaves, signed, enrolled, this.#chain, this.#suite);
      if (verdict.ok) return;
      const { code, detail } = verdict.fault;
      this.#add({ code, detail: `record ${first}: ${detail}` });
    });
  }

  /** After a first flaw of what the node tells of submissions nothing more is to be learnt from it. */
  async #replayed(check: (replay: StateReplay) => Promise<void>): Promise<void> {
    if (this.#replay === null) return;
    try {
      await check(this.#replay);
    } catch (error) {
      if (!(error instanceof AuditFault)) throw error;
      this.#add({ code: error.code, detail: error.message });
      this.#replay = null;
    }
  }

  #add(fault: Fault): void {
    this.findings.add(fault);
    this.#replay?.stop();
  }
}
