import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type Codec, decode, equalBytes, u32 } from '@qifeng/core';
import { openLevel } from '../../storage/level-key-value.ts';
import { fault } from '../complaints.ts';
import { recordsIn } from '../framed-file.ts';
import {
  BACKUP,
  type BackupManifest,
  backupManifestCodec,
  chunkCodec,
  MAX_CHUNK,
  MAX_MANIFEST,
} from './format.ts';

/** A backup that is whole, and as it was written. */
export interface OpenBackup {
  readonly manifest: BackupManifest;
  /** Makes a LevelDB of its store in a folder. */
  storeTo(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** Reads a backup to its end, then gives what is in it. Throws `bad-backup` unless all of it is as it was written. */
export async function openBackup(path: string): Promise<OpenBackup> {
  const file = await open(path, 'r').catch((error: Error): never => {
    throw fault('file-failed', path, error.message);
  });
  try {
    await readWhole(path, file);
    const next = reader(path, file);
    const manifest = await next(backupManifestCodec, MAX_MANIFEST);
    return { manifest, storeTo: folder => store(folder, next), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Holds the hash at the end against all before it. */
async function readWhole(path: string, file: FileHandle): Promise<void> {
  const next = recordsIn(file, BACKUP);
  const hash = createHash('sha256');
  // The last record is the hash: each is taken in once it is known that it is not the last.
  let last: Uint8Array | null = null;
  for (;;) {
    const bytes = await next(Math.max(MAX_MANIFEST, MAX_CHUNK));
    if (!bytes.ok) throw fault('bad-backup', path, bytes.fault.detail);
    if (bytes.value === null) break;
    if (last !== null) hash.update(u32(last.length)).update(last);
    last = bytes.value;
  }
  if (last === null || !equalBytes(last, new Uint8Array(hash.digest())))
    throw fault('bad-backup', path, 'it is cut off, or not as it was written');
}

type Next = <T>(codec: Codec<T>, most: number) => Promise<T>;

/** The records of the file, from its beginning. */
function reader(path: string, file: FileHandle): Next {
  const next = recordsIn(file, BACKUP);
  return async (codec, most) => {
    const bytes = await next(most);
    if (!bytes.ok) throw fault('bad-backup', path, bytes.fault.detail);
    const value = decode(codec, bytes.value ?? new Uint8Array(0), most);
    if (!value.ok) throw fault('bad-backup', path, `${value.fault.code}: ${value.fault.detail}`);
    return value.value;
  };
}

async function store(folder: string, next: Next): Promise<void> {
  const level = await openLevel(folder);
  try {
    for (;;) {
      const chunk = await next(chunkCodec, MAX_CHUNK);
      if (chunk.length === 0) return;
      await level.write(
        chunk.map(({ key, sealed }) => [key, sealed] as const),
        true,
      );
    }
  } finally {
    await level.close();
  }
}
