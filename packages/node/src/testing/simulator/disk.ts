import { emptyGuard, type Guard } from '../../consensus/guard.ts';
import type { Block } from '../../consensus/messages.ts';
import type { WalRecord } from '../../consensus/output.ts';
import type { Executed } from '../../consensus/recover.ts';

/** What survives a crash of one replica: the synced part of its log, its store, its bodies, its signer's guard. */
export class Disk {
  /** Synced records of the write-ahead log. */
  log: WalRecord[] = [];
  /** Executed blocks by height, each synced with its checkpoint text before anybody hears of it. */
  readonly blocks = new Map<number, Executed>();
  readonly blocksByHash = new Map<string, Block>();
  executed: Executed | null = null;
  readonly batches = new Set<string>();
  guard: Guard = emptyGuard(0);
  /** Log syncs so far. */
  syncs = 0;

  /** Appends and syncs one step's records; a crash in between keeps `kept` whole records, the next one torn. */
  append(records: readonly WalRecord[], kept = records.length): void {
    for (const record of records.slice(0, kept)) this.log.push(record);
    this.syncs++;
  }

  /** One synced write of a block's results. */
  store(executed: Executed): void {
    this.blocks.set(executed.block.height, executed);
    this.blocksByHash.set(executed.block.hash, executed.block);
    this.executed = executed;
  }
}
