import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Hasher } from '@qifeng/core';
import {
  JournalReader,
  type Replay,
  type Settled,
  type Signed,
  settledLine,
  signedLine,
} from './journal-lines.ts';

/**
 * What was signed and is not known to have ended: an append-only file, synced, one a home. A submission is in it before
 * it is sent, so that a crash never leaves one that might be recorded and is not known here.
 */
export class Journal {
  readonly #file: FileHandle;
  /** The line being written; lines go one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens a home's journal and reads what it leaves open. Rejects with Node's coded error. */
  static async open(path: string, hasher: Hasher): Promise<{ journal: Journal; replay: Replay }> {
    await mkdir(dirname(path), { recursive: true });
    const reader = new JournalReader(hasher);
    const existing = await open(path, 'a+', 0o600);
    let torn = false;
    try {
      for await (const line of existing.readLines({ autoClose: false, start: 0 })) reader.add(line);
      torn = await endsTorn(existing);
    } finally {
      await existing.close();
    }
    const file = await open(path, 'a', 0o600);
    // A line cut by a crash is ended, so that the next does not become part of it.
    if (torn) await file.appendFile('\n');
    return { journal: new Journal(file), replay: reader.result() };
  }

  /** Resolves when the signed bytes are on the disk. */
  signed(submission: Pick<Signed, 'id' | 'bytes' | 'items'>): Promise<void> {
    return this.#append(signedLine(submission));
  }

  /** Resolves when the end is on the disk. */
  settled(id: Uint8Array, as: Settled): Promise<void> {
    return this.#append(settledLine(id, as));
  }

  async close(): Promise<void> {
    await this.#last.catch(() => {});
    await this.#file.close();
  }

  #append(line: string): Promise<void> {
    const written = this.#last
      .catch(() => {})
      .then(async () => {
        await this.#file.appendFile(line);
        await this.#file.datasync();
      });
    this.#last = written;
    return written;
  }
}

async function endsTorn(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const last = new Uint8Array(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
