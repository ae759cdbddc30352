import { cpSync, rmSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { storageError } from './errors.ts';
import type { KeyValue } from './key-value.ts';
import { openLevel } from './level-key-value.ts';

/**
 * Opens LevelDB in a folder that it does not open as it is: a copy of it, after LevelDB's own repair, which keeps what
 * tables and logs still hold. The copy is gone when it is closed. Throws `store-damaged` if nothing helps.
 */
export async function openRepaired(path: string): Promise<KeyValue> {
  const copy = `${path}.salvage`;
  const remove = (): void => rmSync(copy, { recursive: true, force: true });
  remove();
  cpSync(path, copy, { recursive: true });
  try {
    await ClassicLevel.repair(copy);
    const level = await openLevel(copy);
    return {
      ...level,
      close: async () => {
        await level.close();
        remove();
      },
    };
  } catch (cause) {
    remove();
    throw storageError('store-damaged', `the repair of LevelDB in ${path}`, cause);
  }
}
