import { existsSync, readdirSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { type StorageError, storageError } from './errors.ts';
import type { KeyValue, Snapshot } from './key-value.ts';

/**
 * Bytes of writes in one of LevelDB's own logs, and in memory; there are two of them at a time. Keys of the map and of bodies
 * are hashes, so that what is written at once concerns every table below: the more of it, the less often these are
 * written anew. At 130,000 records 8 MiB made a node write a third more than 32 MiB, and finalise a quarter less (measured).
 */
export const LOG_BYTES = 32 * 1024 * 1024;

/**
 * Opens LevelDB in a folder, which is made if need be; `logBytes` of writes make a table. One process at a time: else `store-in-use`; a failure is `store-failed`.
 */
export async function openLevel(path: string, logBytes = LOG_BYTES): Promise<KeyValue> {
  const db = new ClassicLevel<Uint8Array, Uint8Array>(path, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    // What is read again and again is in caches of our own, and the rest in the system's.
    cacheSize: 8 * 1024 * 1024,
    writeBufferSize: logBytes,
    // Where a store has lost the file that names its others, LevelDB would make a new one and delete those.
    createIfMissing: !existsSync(path) || !readdirSync(path).some(name => /^MANIFEST-|\.ldb$/.test(name)),
  });
  const failed = (cause: unknown) => coded(path, cause);
  await db.open().catch(cause => {
    throw failed(cause);
  });
  return {
    get(key) {
      try {
        return bytesOnly(db.getSync(key));
      } catch (cause) {
        throw failed(cause);
      }
    },
    snapshot: () => levelSnapshot(db, failed),
    async write(changes, sync) {
      // One call for all: a chained batch is an object of its own, a tenth of a block of one record (measured).
      const operations = changes.map(([key, value]) =>
        value === null ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const),
      );
      await db.batch(operations, { sync }).catch(cause => {
        throw failed(cause);
      });
    },
    async *keys(bucket) {
      const range = { gte: Uint8Array.of(bucket), lt: Uint8Array.of(bucket + 1) };
      const iterator = db.keys(range);
      try {
        for (let page = await iterator.nextv(1000); page.length > 0; page = await iterator.nextv(1000))
          for (const key of page) yield bytesOnly(key) as Uint8Array;
      } catch (cause) {
        throw failed(cause);
      } finally {
        await iterator.close();
      }
    },
    async between(after, before, most) {
      const keys = await db
        .keys({ gt: after, lt: before, limit: most })
        .all()
        .catch(cause => {
          throw failed(cause);
        });
      return keys.map(key => bytesOnly(key) as Uint8Array);
    },
    close: () => db.close(),
  };
}

function levelSnapshot(
  db: ClassicLevel<Uint8Array, Uint8Array>,
  failed: (cause: unknown) => StorageError,
): Snapshot {
  const snapshot = db.snapshot();
  const options = { snapshot, keyEncoding: 'view', valueEncoding: 'view' } as const;
  return {
    get(key) {
      try {
        return bytesOnly(db.getSync(key, options));
      } catch (cause) {
        throw failed(cause);
      }
    },
    release: () => void snapshot.close(),
  };
}

function coded(path: string, cause: unknown): StorageError {
  const codes = [cause, (cause as Error).cause].map(error => (error as { code?: string } | undefined)?.code);
  if (codes.includes('LEVEL_LOCKED')) return storageError('store-in-use', `LevelDB in ${path}`, cause);
  const damaged = codes.includes('LEVEL_CORRUPTION');
  return storageError(damaged ? 'store-damaged' : 'store-failed', `LevelDB in ${path}`, cause);
}

/** A plain Uint8Array: a Buffer would share memory on `slice`. */
function bytesOnly(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
