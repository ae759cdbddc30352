import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An open file that is only written. */
export interface WritableFile {
  /** Writes all bytes at a place. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Resolves when what was written is on disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What the log needs of a file system; tests put faults behind it. */
export interface FileSystem {
  /** A file's bytes, or null if there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** An empty file, mode 0600, in place of any there was. */
  create(path: string): Promise<WritableFile>;
  /** A file that exists. */
  open(path: string): Promise<WritableFile>;
  /** Puts a file in another's place and resolves when the folder is on disk. */
  replace(from: string, to: string): Promise<void>;
}

/** The machine's file system. */
export const nodeFileSystem: FileSystem = {
  async read(path) {
    try {
      return plain(await readFile(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
  create: path => opened(path, 'w'),
  open: path => opened(path, 'r+'),
  async replace(from, to) {
    await rename(from, to);
    const folder = await open(dirname(to), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

/** A plain Uint8Array: a Buffer would share memory on `slice`. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

async function opened(path: string, flags: string): Promise<WritableFile> {
  const file = await open(path, flags, 0o600);
  return {
    async write(bytes, at) {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
    },
    sync: () => file.datasync(),
    truncate: length => file.truncate(length),
    close: () => file.close(),
  };
}
