import { emptyGuard, type Guard } from '../../consensus/guard.ts';
import type { Block, CheckpointCertificate } from '../../consensus/messages.ts';
import type { WalRecord } from '../../consensus/output.ts';
import type { Executed } from '../../consensus/recover.ts';
import type { LedgerState } from './state.ts';

/** A write that found no room: the replica stops, and nothing that depended on the write happens. */
export class DiskFull extends Error {}

/** What survives a crash of one replica: the synced part of its log, its store, its bodies, its signer's guard. */
export class Disk {
  /** Synced records of the write-ahead log. */
  log: WalRecord[] = [];
  /** Records whose checksum does not fit any more. */
  readonly #damaged = new Set<WalRecord>();
  /** Executed blocks by height, each synced with its checkpoint text before anybody hears of it. */
  readonly blocks = new Map<number, Executed>();
  readonly blocksByHash = new Map<string, Block>();
  executed: Executed | null = null;
  /** Log edge and state after it; null: those of the genesis. */
  state: LedgerState | null = null;
  readonly batches = new Set<string>();
  /** Checkpoint certificates by height, as they were told. */
  readonly certificates = new Map<number, CheckpointCertificate>();
  /** Digests in executed blocks. */
  readonly executedBatches = new Set<string>();
  /** Below it there are no blocks but those that epochs stand on, and no bodies: a snapshot's height, or 0. */
  base = 0;
  /** Hashes of blocks that are gone, which the snapshot's checkpoint covers: for who checks, not for the replica. */
  readonly #below = new Map<number, string>();
  /** Null if there is no file, not even that of a new home. */
  guard: Guard | null = emptyGuard(0);
  /** True while no write succeeds. */
  full = false;
  /** True while reads of the store find nothing that was written. */
  stale = false;
  /** Reads that found nothing though it was there. */
  hidden = 0;
  /** Log syncs so far. */
  syncs = 0;

  /** Whether a read of what is there finds nothing. */
  hides(): boolean {
    if (this.stale) this.hidden++;
    return this.stale;
  }

  /** Appends and syncs one step's records; a crash in between keeps `kept` whole records, the next one torn. */
  append(records: readonly WalRecord[], kept = records.length): void {
    if (this.full) throw new DiskFull();
    for (let i = 0; i < kept; i++) this.log.push(records[i]!);
    this.syncs++;
  }

  /** A fresh log in place of the old one: all of it or nothing. */
  rewrite(records: WalRecord[]): void {
    if (this.full) throw new DiskFull();
    this.log = records;
  }

  /** The last height that is executed on this disk. */
  get height(): number {
    return this.executed?.block.height ?? 0;
  }

  /** The last height that is certified on this disk. */
  get certified(): number {
    return Math.max(0, ...[...this.certificates.keys()].slice(-1));
  }

  /** One synced write of a block's results. */
  store(executed: Executed): void {
    if (this.full) throw new DiskFull();
    this.blocks.set(executed.block.height, executed);
    this.blocksByHash.set(executed.block.hash, executed.block);
    this.executed = executed;
    for (const batch of executed.block.batches) this.executedBatches.add(batch);
  }

  /** A bit flips in a record before the last one; false if there is none. */
  flipBit(choice: number): boolean {
    if (this.log.length < 2) return false;
    this.#damaged.add(this.log[Math.floor(choice * (this.log.length - 1))]!);
    return true;
  }

  /** Reads the log back; null if a checksum does not fit: such a log is set aside, never replayed in part. */
  read(): readonly WalRecord[] | null {
    return this.log.some(record => this.#damaged.has(record)) ? null : this.log;
  }

  /** Hash of the block at a height that is here, or that what is here stands on. */
  hashAt(height: number): string | undefined {
    return this.blocks.get(height)?.block.hash ?? this.#below.get(height);
  }

  /**
   * Another disk's certified state in place of the ledger: its last block, those at `ends`, on which epochs stand, and what
   * remembers repeats, but no other block and no body. Log and guard stay.
   */
  adopt(from: Disk, ends: readonly number[]): void {
    const height = from.executed!.block.height;
    const blocks = [...ends, height].map(at => from.blocks.get(at)!);
    for (let at = 1; at < height; at++) this.#below.set(at, from.hashAt(at)!);
    this.#dropLedger();
    for (const executed of blocks) {
      const { block } = executed;
      this.blocks.set(block.height, executed);
      this.blocksByHash.set(block.hash, block);
      const certificate = from.certificates.get(block.height);
      if (certificate !== undefined) this.certificates.set(block.height, certificate);
    }
    for (const batch of from.executedBatches) this.executedBatches.add(batch);
    this.executed = from.executed;
    this.state = from.state?.copy() ?? null;
    this.base = height;
  }

  /** Everything is gone. */
  wipe(): void {
    this.log = [];
    this.guard = null;
    this.#below.clear();
    this.base = 0;
    this.#dropLedger();
  }

  #dropLedger(): void {
    this.blocks.clear();
    this.blocksByHash.clear();
    this.executed = null;
    this.state = null;
    this.batches.clear();
    this.certificates.clear();
    this.executedBatches.clear();
  }
}
