import type { Chain } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { type CheckReport, checkStore } from '../engine/check.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { StorageError } from '../storage/errors.ts';
import { openLevel } from '../storage/level-key-value.ts';
import { openLevelStore } from '../storage/level-store.ts';
import { sealedEntries } from '../storage/sealed-entries.ts';
import { settleStore } from '../storage/store-switch.ts';
import { createVerificationPool } from '../verification/pool.ts';

/** What a check of a store found; `error` is that of a store which could not be read to its end. */
export interface StoreFinding extends CheckReport {
  readonly error: StorageError | null;
}

/**
 * Checks the store in a folder that no process has open: every value is as it was written, and all of it is what its own
 * certificates say. Damage that the store itself finds is a flaw like any other. Throws `store-in-use`.
 */
export async function examineStore(
  chain: Chain,
  path: string,
  pool: VerificationPool,
): Promise<StoreFinding> {
  let store: LedgerStore | null = null;
  const flaws: string[] = [];
  try {
    flaws.push(...(await sealFlaws(path)));
    store = await openLevelStore(path);
    const report = await checkStore(chain, nativeSuite, store, pool);
    return { ...report, flaws: [...flaws, ...report.flaws], error: null };
  } catch (error) {
    if (!(error instanceof StorageError) || error.code === 'store-in-use') throw error;
    flaws.push(`${error.code}: ${error.message}`);
    return { from: 0, blocks: 0, records: 0, certificates: 0, flaws, error };
  } finally {
    await store?.close();
  }
}

/** Gives a command the threads that check signatures, and ends them after it. */
export async function withPool<T>(work: (pool: VerificationPool) => Promise<T>): Promise<T> {
  const pool = createVerificationPool();
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

/** A sentence for each bucket that holds values which are not as they were written. */
async function sealFlaws(path: string): Promise<readonly string[]> {
  await settleStore(path);
  const level = await openLevel(path);
  const damaged = new Map<number, number>();
  try {
    for await (const { key, sealed } of sealedEntries(level))
      if (sealed === null) damaged.set(key[0]!, (damaged.get(key[0]!) ?? 0) + 1);
  } finally {
    await level.close();
  }
  return [...damaged].map(
    ([bucket, count]) => `${count} values of bucket ${bucket} are not as they were written`,
  );
}
