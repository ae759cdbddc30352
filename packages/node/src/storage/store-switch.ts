import { existsSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

// A folder `db` gives way to another in two renames. The first one, of the complete `db.incoming` to `db.next`, decides: what
// follows is done again at the next start if a crash comes between.

/** Where the store that shall take the place of the one in `path` is made. */
export function incomingOf(path: string): string {
  return `${path}.incoming`;
}

/**
 * Puts the complete, closed store at `incomingOf(path)` in the place of the one at `path`, which stays beside it: gives
 * where, if there was one.
 */
export async function switchStore(path: string): Promise<readonly string[]> {
  renameSync(incomingOf(path), nextOf(path));
  await syncFolder(path);
  return settleStore(path);
}

/** Ends a switch that was decided; gives what it set aside. To be awaited before the store is opened. */
export async function settleStore(path: string): Promise<readonly string[]> {
  if (!existsSync(nextOf(path))) return [];
  // The old store may be the last to hold what is older than the snapshot: its operator decides when it goes.
  const aside = existsSync(path) ? [freeName(`${path}.before`)] : [];
  for (const name of aside) renameSync(path, name);
  renameSync(nextOf(path), path);
  await syncFolder(path);
  return aside;
}

/** Removes a store that was begun in place of the one at `path` and never completed. */
export function dropIncoming(path: string): void {
  rmSync(incomingOf(path), { recursive: true, force: true });
}

function nextOf(path: string): string {
  return `${path}.next`;
}

/** The first of `path-1`, `path-2`, … that is not there. */
export function freeName(path: string): string {
  for (let number = 1; ; number++) if (!existsSync(`${path}-${number}`)) return `${path}-${number}`;
}

/** Makes the names in the folder that a path is in as lasting as the files. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
