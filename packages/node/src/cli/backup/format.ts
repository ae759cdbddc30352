import {
  byteString,
  type Carried,
  exactly,
  fixedBytes,
  list,
  MAX_GENESIS_BYTES,
  nullable,
  record,
  text,
  uint,
} from '@qifeng/core';
import type { FileKind } from '../framed-file.ts';

/** A file of `qifeng-node backup`: a manifest, chunks of the store, an empty one, and the SHA-256 of all these records. */
export const BACKUP: FileKind = { line: 'qifeng/backup@v1\n', code: 'bad-backup' };

/** Bytes of a manifest at most. */
export const MAX_MANIFEST = MAX_GENESIS_BYTES + 256 * 1024;
/** Bytes of one chunk above which the next begins. */
export const CHUNK_BYTES = 1024 * 1024;
/** Bytes of one chunk at most: one value alone may be large. */
export const MAX_CHUNK = 32 * 1024 * 1024;

const pem = byteString(1, 4096);

/** What a backup begins with. */
export const backupManifestCodec = record({
  v: exactly(1),
  member: text(6, 6),
  genesis: byteString(1, MAX_GENESIS_BYTES),
  config: text(64 * 1024),
  /** Height of the last block. */
  height: uint(),
  /** By which the other members know this one. */
  p2pKey: fixedBytes(32),
  /** The PEM files, if they were asked for. */
  keys: nullable(record({ validator: pem, log: pem, p2p: pem })),
});
/** What a backup begins with. */
export type BackupManifest = Carried<typeof backupManifestCodec>;

/** Keys of the store with their values, seals and all. */
export const chunkCodec = list(
  record({ key: byteString(1, 64 * 1024), sealed: byteString(4, MAX_CHUNK / 2) }),
  1_000_000,
);
