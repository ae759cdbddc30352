import { Violation } from './violation.ts';

/** What a disk must still hold: hash of the block stored at a height, and whether its bodies are there. */
export interface Stored {
  hashAt(height: number): string | undefined;
}

/**
 * What a client was told is final stays so, at the replica that said it, across restarts; and it lies on so many sound
 * disks that f losses, those that happened among them, leave it somewhere.
 */
export class FinalityChecker {
  readonly #final = new Map<number, string>();
  readonly #told = new Map<number, { height: number; hash: string }>();

  /** Of the set of the block's epoch: `n` its size, `sound` the disks of those that are neither faulty nor were ever lost. */
  told(replica: number, height: number, hash: string, n: number, sound: readonly Stored[]): void {
    const before = this.#final.get(height);
    if (before !== undefined && before !== hash)
      throw new Violation('finality', `${replica} says ${hash} is final at ${height}, ${before} was`);
    this.#final.set(height, hash);
    const holders = sound.filter(disk => disk.hashAt(height) === hash).length;
    const lost = n - sound.length;
    if (holders <= Math.floor((n - 1) / 3) - lost)
      throw new Violation('finality', `${hash} is final at ${height} and lies on ${holders} sound disks`);
    this.#told.set(replica, { height, hash });
  }

  /** A disk that was wiped owes nothing any more. */
  wiped(replica: number): void {
    this.#told.delete(replica);
  }

  /** Where a replica stands after a restart. */
  started(replica: number, low: number, disk: Stored): void {
    const told = this.#told.get(replica);
    if (told === undefined) return;
    if (low < told.height)
      throw new Violation('finality', `${replica} told that ${told.height} is final and now knows ${low}`);
    const stored = disk.hashAt(told.height);
    if (stored !== undefined && stored !== told.hash)
      throw new Violation('finality', `${replica} told that ${told.hash} is final and now has ${stored}`);
  }

  /** After f losses and a full restart: everything ever told is there. */
  recovered(disk: Stored): void {
    for (const [height, hash] of this.#final)
      if (disk.hashAt(height) !== hash)
        throw new Violation('finality', `${hash} was final at ${height} and is lost after a full restart`);
  }

  /** Highest block anybody was told of. */
  get height(): number {
    return Math.max(0, ...this.#final.keys());
  }
}
