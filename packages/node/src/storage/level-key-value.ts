import { ClassicLevel } from 'classic-level';
import { storageError } from './errors.ts';
import type { KeyValue, Snapshot } from './key-value.ts';

/** Opens LevelDB in a folder, which is made if need be. One process at a time; a failure is `store-failed`. */
export async function openLevel(path: string): Promise<KeyValue> {
  const db = new ClassicLevel<Uint8Array, Uint8Array>(path, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    cacheSize: 32 * 1024 * 1024,
    // Fewer, larger tables: fewer file operations beside the syncs.
    writeBufferSize: 16 * 1024 * 1024,
  });
  const failed = (cause: unknown) => storageError('store-failed', `LevelDB in ${path}`, cause);
  await db.open().catch(cause => {
    throw failed(cause);
  });
  return {
    get: key => bytesOnly(db.getSync(key)),
    snapshot: () => levelSnapshot(db),
    async write(changes, sync) {
      const batch = db.batch();
      try {
        for (const [key, value] of changes) {
          if (value === null) batch.del(key);
          else batch.put(key, value);
        }
        await batch.write({ sync });
      } catch (cause) {
        throw failed(cause);
      }
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
    close: () => db.close(),
  };
}

function levelSnapshot(db: ClassicLevel<Uint8Array, Uint8Array>): Snapshot {
  const snapshot = db.snapshot();
  const options = { snapshot, keyEncoding: 'view', valueEncoding: 'view' } as const;
  return {
    get: key => bytesOnly(db.getSync(key, options)),
    release: () => void snapshot.close(),
  };
}

/** A plain Uint8Array: a Buffer would share memory on `slice`. */
function bytesOnly(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
