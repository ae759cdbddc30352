import {
  type Chain,
  type Enrolled,
  Enrolments,
  equalBytes,
  type Leaf,
  LeafChains,
  type SignedHeader,
  type Suite,
  verifyRecorded,
} from '@qifeng/core';
import { ahead } from './ahead.ts';
import type { BlockWalk } from './block-walk.ts';
import { AuditFault, Findings } from './fault.ts';
import type { BundleSink } from './log-pass.ts';
import type { NodeReader } from './node-reader.ts';

/** Signed headers asked for at a time. */
const AT_ONCE = 8;

/** Records of one submission, which stand one after the other. */
interface Group {
  readonly first: number;
  readonly leaves: Leaf[];
  /** How their publisher stood before the first of them. */
  readonly enrolled: Enrolled | null;
  /** All of them are in bundles that were checked before. */
  known: boolean;
}

/** What was found true of the records of one log, so that another that begins with the same ones need not show it again. */
export type KnownBundles = Map<number, Uint8Array>;

/**
 * Checks the records of a log as they are read: that none was left out of its publisher's and its subject's chain, that each
 * is in its block, and that its publisher signed it.
 */
export class RecordCheck implements BundleSink {
  readonly findings = new Findings();
  readonly #reader: NodeReader;
  readonly #chain: Chain;
  readonly #suite: Suite;
  readonly #known: KnownBundles;
  readonly #chains = new LeafChains();
  readonly #enrolments: Enrolments;
  readonly #onRecords: (count: number) => void;
  #blocks: BlockWalk | null;
  #open: Group | null = null;

  constructor(
    reader: NodeReader,
    blocks: BlockWalk,
    known: KnownBundles,
    chain: Chain,
    suite: Suite,
    onRecords: (count: number) => void,
  ) {
    this.#reader = reader;
    this.#blocks = blocks;
    this.#known = known;
    this.#chain = chain;
    this.#enrolments = new Enrolments(chain);
    this.#suite = suite;
    this.#onRecords = onRecords;
  }

  async bundle(first: number, records: readonly Uint8Array[], root: Uint8Array): Promise<void> {
    const known = this.#known.get(first);
    const isKnown = known !== undefined && equalBytes(known, root);
    const ended: Group[] = [];
    for (const [i, bytes] of records.entries()) {
      const { leaf, fault } = this.#chains.next(bytes);
      if (fault !== null) this.findings.add(fault);
      if (leaf === null) continue;
      await this.#guarded(blocks => blocks.holds(first + i, leaf));
      const group = this.#group(first + i, leaf, isKnown);
      if (group !== null) ended.push(group);
      this.#enrolments.next(leaf);
    }
    await this.#signatures(ended);
    if (this.findings.list.length === 0) this.#known.set(first, root);
    this.#onRecords(records.length);
  }

  /** Ends the log. */
  async finish(): Promise<void> {
    if (this.#open !== null) await this.#signatures([this.#open]);
    this.#open = null;
    await this.#guarded(blocks => blocks.finish());
  }

  /** After a first flaw of the blocks nothing more is to be learnt from them. */
  async #guarded(check: (blocks: BlockWalk) => Promise<void>): Promise<void> {
    if (this.#blocks === null) return;
    try {
      await check(this.#blocks);
    } catch (error) {
      if (!(error instanceof AuditFault)) throw error;
      this.findings.add({ code: error.code, detail: error.message });
      this.#blocks = null;
    }
  }

  /** Adds a record to its submission; the submission before, if the record begins another. */
  #group(index: number, leaf: Leaf, known: boolean): Group | null {
    const open = this.#open;
    if (open !== null && equalBytes(open.leaves[0]!.submission, leaf.submission)) {
      open.leaves.push(leaf);
      open.known &&= known;
      return null;
    }
    const enrolled = this.#enrolments.get(leaf.publisher);
    this.#open = { first: index, leaves: [leaf], enrolled, known };
    return open;
  }

  async #signatures(groups: readonly Group[]): Promise<void> {
    const fresh = groups.filter(({ known }) => !known);
    const asked = ahead(fresh, AT_ONCE, async group => [group, await this.#signed(group)] as const);
    for await (const [{ first, leaves, enrolled }, signed] of asked) {
      if (signed === null) continue;
      const verdict = verifyRecorded(leaves, signed, enrolled, this.#chain, this.#suite);
      if (!verdict.ok) {
        const { code, detail } = verdict.fault;
        this.findings.add({ code, detail: `record ${first}: ${detail}` });
      }
    }
  }

  async #signed({ first }: Group): Promise<SignedHeader | null> {
    try {
      return await this.#reader.signedHeader(first);
    } catch (error) {
      if (!(error instanceof AuditFault)) throw error;
      this.findings.add({ code: error.code, detail: `record ${first}: ${error.message}` });
      return null;
    }
  }
}
