import type { LedgerStore } from '../ports/ledger-store.ts';
import type { StoreOptions } from './ledger-reader.ts';
import { openLedgerStore } from './ledger-store.ts';
import { openLevel } from './level-key-value.ts';
import { settleStore } from './store-switch.ts';

/**
 * The ledger store in a folder, on LevelDB; the folder is made if need be. Throws `store-in-use` if
 * another process has it, `store-failed` if it cannot be opened, `store-damaged`, `store-version`.
 */
export async function openLevelStore(
  path: string,
  options: Partial<StoreOptions> = {},
): Promise<LedgerStore> {
  await settleStore(path);
  const level = await openLevel(path);
  try {
    return await openLedgerStore(level, options);
  } catch (error) {
    await level.close();
    throw error;
  }
}
