import { unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { equalBytes, ok, type Result, refuse, toUtf8, u32 } from '@qifeng/core';
import { fault } from './complaints.ts';

/** A kind of file that is a line, which says what it is, and then records, each after its length, u32. */
export interface FileKind {
  readonly line: string;
  /** Code of what is wrong with one. */
  readonly code: string;
}

/** The records of an open file from its beginning: each call gives the next, null at the end; a fault for one longer than told. */
export function recordsIn(
  file: FileHandle,
  { line, code }: FileKind,
): (most: number) => Promise<Result<Uint8Array | null>> {
  const magic = toUtf8(line);
  let begun = false;
  let at = 0;
  const exactly = async (length: number): Promise<Uint8Array | null> => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(bytes, done, length - done, at);
      if (bytesRead === 0) return done === 0 ? null : bytes.slice(0, done);
      done += bytesRead;
      at += bytesRead;
    }
    return bytes;
  };
  return async most => {
    if (!begun) {
      const found = await exactly(magic.length);
      if (found === null || !equalBytes(found, magic))
        return refuse(code, `it does not begin with '${line.trim()}'`);
      begun = true;
    }
    const head = await exactly(4);
    if (head === null) return ok(null);
    if (head.length < 4) return refuse(code, 'the file is cut off');
    const length = new DataView(head.buffer).getUint32(0);
    if (length > most) return refuse(code, `a record of ${length} bytes, where ${most} are the most`);
    const record = await exactly(length);
    return record?.length === length ? ok(record) : refuse(code, 'the file is cut off');
  };
}

/** Writes and syncs a file; one that is there already is left alone, and nothing stays of one that fails. Its bytes. */
export async function writeRecords(
  path: string,
  { line }: FileKind,
  records: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  mode = 0o644,
): Promise<number> {
  let file: FileHandle;
  try {
    file = await open(path, 'wx', mode);
  } catch (error) {
    throw fault('file-failed', path, (error as Error).message);
  }
  try {
    const magic = toUtf8(line);
    let bytes = magic.length;
    await file.writeFile(magic);
    for await (const record of records) {
      await file.writeFile(u32(record.length));
      await file.writeFile(record);
      bytes += 4 + record.length;
    }
    await file.sync();
    return bytes;
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    await file.close();
  }
}
