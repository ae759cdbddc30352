import { createHash } from 'node:crypto';
import { type Carried, encode, u32 } from '@qifeng/core';
import { StorageError } from '../../storage/errors.ts';
import { openLevel } from '../../storage/level-key-value.ts';
import { sealedEntries } from '../../storage/sealed-entries.ts';
import { writeRecords } from '../framed-file.ts';
import { BACKUP, type BackupManifest, backupManifestCodec, CHUNK_BYTES, chunkCodec } from './format.ts';

/** Writes a backup of the store at `db`, which no process has open. Gives its bytes. Throws what storage throws. */
export async function writeBackup(file: string, manifest: BackupManifest, db: string): Promise<number> {
  const mode = manifest.keys === null ? 0o644 : 0o600;
  return writeRecords(file, BACKUP, hashed(recordsOf(manifest, db)), mode);
}

async function* recordsOf(manifest: BackupManifest, db: string): AsyncGenerator<Uint8Array> {
  yield encode(backupManifestCodec, manifest);
  const level = await openLevel(db);
  try {
    let chunk: Carried<typeof chunkCodec>[number][] = [];
    let bytes = 0;
    for await (const { key, sealed } of sealedEntries(level)) {
      if (sealed === null)
        throw new StorageError('store-damaged', `a value of bucket ${key[0]} is not as it was written`);
      chunk.push({ key, sealed });
      bytes += key.length + sealed.length;
      if (bytes < CHUNK_BYTES) continue;
      yield encode(chunkCodec, chunk);
      chunk = [];
      bytes = 0;
    }
    if (chunk.length > 0) yield encode(chunkCodec, chunk);
    yield encode(chunkCodec, []);
  } finally {
    await level.close();
  }
}

/** The records, and after them the hash of them all, lengths included. */
async function* hashed(records: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const bytes of records) {
    hash.update(u32(bytes.length)).update(bytes);
    yield bytes;
  }
  yield new Uint8Array(hash.digest());
}
