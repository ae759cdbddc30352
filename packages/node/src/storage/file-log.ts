import { randomBytes } from 'node:crypto';
import { invariant } from '@qifeng/core';
import type { WriteAheadLog } from '../ports/log.ts';
import { StorageError, storageError } from './errors.ts';
import { type FileSystem, nodeFileSystem, type WritableFile } from './file-system.ts';
import { decodeLog, encodeFileHead, encodeFrame, FILE_HEAD } from './log-format.ts';

/** A write-ahead log in a file. */
export interface FileLog extends WriteAheadLog {
  /** There was no file: a fresh node, or one that lost its log. */
  readonly fresh: boolean;
}

/**
 * Opens the log, and makes one if there is none. A torn last frame, which nothing was acknowledged of, is cut off on
 * disk; other damage throws `log-damaged`, a failed read or write `log-failed`. The records of one append, and of
 * appends that shared a sync, survive a crash together or not at all.
 */
export async function openFileLog(path: string, files: FileSystem = nodeFileSystem): Promise<FileLog> {
  try {
    const bytes = await files.read(path);
    if (bytes === null) return new SyncedFileLog(path, files, await writeWhole(path, files, []), [], true);
    const { salt, records, end } = decodeLog(bytes, path);
    const file = await files.open(path);
    if (end < bytes.length) await file.truncate(end);
    // A killed process may have left records in the page cache only, and what is read here is acted on.
    await file.sync();
    return new SyncedFileLog(path, files, { file, salt, end }, records, false);
  } catch (cause) {
    throw storageError('log-failed', `opening ${path}`, cause);
  }
}

interface OpenFile {
  readonly file: WritableFile;
  readonly salt: Uint8Array;
  readonly end: number;
}

/** Writes a log of these records beside `path`, synced, and puts it in place. */
async function writeWhole(
  path: string,
  files: FileSystem,
  records: readonly Uint8Array[],
): Promise<OpenFile> {
  const salt = new Uint8Array(randomBytes(8));
  const file = await files.create(`${path}.new`);
  await file.write(encodeFileHead(salt), 0);
  const frame = records.length === 0 ? new Uint8Array(0) : encodeFrame(salt, FILE_HEAD, records);
  await file.write(frame, FILE_HEAD);
  await file.sync();
  await files.replace(`${path}.new`, path);
  return { file, salt, end: FILE_HEAD + frame.length };
}

interface Task {
  readonly type: 'append' | 'rewrite';
  readonly records: readonly Uint8Array[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class SyncedFileLog implements FileLog {
  readonly #path: string;
  readonly #files: FileSystem;
  readonly fresh: boolean;
  #records: readonly Uint8Array[] | null;
  #open: OpenFile;
  #tasks: Task[] = [];
  #running: Promise<void> | null = null;
  #failure: StorageError | null = null;
  #syncs = 0;

  constructor(
    path: string,
    files: FileSystem,
    open: OpenFile,
    records: readonly Uint8Array[],
    fresh: boolean,
  ) {
    this.#path = path;
    this.#files = files;
    this.#open = open;
    this.#records = records;
    this.fresh = fresh;
  }

  get syncs(): number {
    return this.#syncs;
  }

  read(): readonly Uint8Array[] {
    const records = this.#records;
    invariant(records !== null, 'the log is read once, before the first append');
    this.#records = null;
    return records;
  }

  append(records: readonly Uint8Array[]): Promise<void> {
    return this.#enqueue('append', records);
  }

  rewrite(records: readonly Uint8Array[]): Promise<void> {
    return this.#enqueue('rewrite', records);
  }

  async close(): Promise<void> {
    while (this.#running !== null) await this.#running;
    if (this.#failure === null) {
      this.#failure = new StorageError('log-failed', `${this.#path} is closed`);
      await this.#open.file.close();
    }
  }

  #enqueue(type: Task['type'], records: readonly Uint8Array[]): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    this.#records = null;
    return new Promise((resolve, reject) => {
      this.#tasks.push({ type, records, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    // Appends of this turn of the loop go together.
    await Promise.resolve();
    while (this.#tasks.length > 0) {
      const group = this.#nextGroup();
      try {
        if (group[0]!.type === 'rewrite') await this.#rewrite(group[0]!.records);
        else await this.#append(group.flatMap(({ records }) => records));
      } catch (cause) {
        // After a failed sync the kernel may have dropped the pages: trying again would lie.
        this.#failure = storageError('log-failed', this.#path, cause);
        for (const { reject } of [...group, ...this.#tasks]) reject(this.#failure);
        this.#tasks = [];
        await this.#open.file.close().catch(() => {});
        break;
      }
      for (const { resolve } of group) resolve();
    }
    this.#running = null;
  }

  /** The next rewrite, or all appends before it. */
  #nextGroup(): Task[] {
    const rewrite = this.#tasks.findIndex(({ type }) => type === 'rewrite');
    return this.#tasks.splice(0, rewrite < 0 ? this.#tasks.length : Math.max(1, rewrite));
  }

  async #append(records: readonly Uint8Array[]): Promise<void> {
    const { file, salt, end } = this.#open;
    if (records.length === 0) return;
    const frame = encodeFrame(salt, end, records);
    await file.write(frame, end);
    await file.sync();
    this.#syncs++;
    this.#open = { file, salt, end: end + frame.length };
  }

  async #rewrite(records: readonly Uint8Array[]): Promise<void> {
    const old = this.#open.file;
    this.#open = await writeWhole(this.#path, this.#files, records);
    this.#syncs++;
    await old.close();
  }
}
