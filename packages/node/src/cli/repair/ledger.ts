import { existsSync } from 'node:fs';
import { type Chain, equalBytes, toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { epochsOf } from '../../engine/epochs.ts';
import { type Rebuilt, rebuildStore } from '../../engine/rebuild.ts';
import type { VerificationPool } from '../../ports/verification.ts';
import { StorageError } from '../../storage/errors.ts';
import type { KeyValue } from '../../storage/key-value.ts';
import { openLevel } from '../../storage/level-key-value.ts';
import { openRepaired } from '../../storage/level-repair.ts';
import { openLevelStore } from '../../storage/level-store.ts';
import { remainsOf } from '../../storage/remains.ts';
import { dropIncoming, incomingOf } from '../../storage/store-switch.ts';
import { carryOver } from '../carry-over.ts';
import { fault } from '../complaints.ts';
import { examineStore } from '../store-check.ts';

/** A store that was made anew beside a damaged one, checked and closed. */
export interface RebuiltLedger extends Rebuilt {
  /** Height of the highest block of the damaged one. */
  readonly top: number;
  /** The newest epoch that it knows. */
  readonly epoch: number;
}

/**
 * Makes a store anew, at `incomingOf(db)`, from what is left in a damaged one, which stays as it is. Throws `cannot-repair`,
 * and leaves nothing behind, if that does not come to a sound one.
 */
export async function rebuildLedger(
  chain: Chain,
  home: string,
  db: string,
  pool: VerificationPool,
): Promise<RebuiltLedger> {
  const cannot = (why: string) => fault('cannot-repair', home, why);
  const incoming = incomingOf(db);
  dropIncoming(db);
  const level = await openDamaged(db);
  try {
    const remains = await remainsOf(level);
    if (remains.genesis !== null && !equalBytes(remains.genesis, chain.hash))
      throw new StorageError('store-other-chain', `the store holds chain ${toHex(remains.genesis)}`);
    if (remains.base !== null)
      throw cannot(`it begins with a snapshot of block ${remains.base}, and no blocks give that state again`);
    const store = await openLevelStore(incoming);
    const rebuilt = await rebuildStore(chain, nativeSuite, remains, store, pool).finally(() => store.close());
    await carryOver(remains, incoming, chain, nativeSuite);
    const { flaws } = await examineStore(chain, incoming, pool);
    if (flaws.length > 0) throw cannot(flaws.join('; '));
    return { ...rebuilt, top: remains.top, epoch: await newestEpoch(chain, incoming) };
  } catch (error) {
    dropIncoming(db);
    throw error;
  } finally {
    await level.close();
  }
}

/** The newest epoch that a sound store knows. */
export async function newestEpoch(chain: Chain, db: string): Promise<number> {
  const store = await openLevelStore(db);
  try {
    return epochsOf(chain, nativeSuite, store).newest();
  } finally {
    await store.close();
  }
}

/** LevelDB as it is, else as its own repair leaves it. */
async function openDamaged(db: string): Promise<KeyValue> {
  try {
    return await openLevel(db);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code === 'store-in-use' || !existsSync(db)) throw error;
    return openRepaired(db);
  }
}
