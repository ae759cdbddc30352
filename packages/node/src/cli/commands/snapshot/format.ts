import type { FileHandle } from 'node:fs/promises';
import { equalBytes, ok, type Result, refuse, toUtf8 } from '@qifeng/core';

/** What a snapshot file begins with; then each record after its length, u32. */
export const MAGIC = toUtf8('qifeng/snapshot@v1\n');

/** The records of an open snapshot file: each call gives the next, null at the end; a fault for one longer than told. */
export function recordsIn(file: FileHandle): (most: number) => Promise<Result<Uint8Array | null>> {
  let begun = false;
  const exactly = async (length: number): Promise<Uint8Array | null> => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(bytes, done, length - done);
      if (bytesRead === 0) return done === 0 ? null : bytes.slice(0, done);
      done += bytesRead;
    }
    return bytes;
  };
  return async most => {
    if (!begun) {
      const magic = await exactly(MAGIC.length);
      if (magic === null || !equalBytes(magic, MAGIC))
        return refuse('bad-snapshot', 'it is no snapshot file');
      begun = true;
    }
    const head = await exactly(4);
    if (head === null) return ok(null);
    if (head.length < 4) return refuse('bad-snapshot', 'the file is cut off');
    const length = new DataView(head.buffer).getUint32(0);
    if (length > most)
      return refuse('bad-snapshot', `a record of ${length} bytes, where ${most} are the most`);
    const record = await exactly(length);
    return record?.length === length ? ok(record) : refuse('bad-snapshot', 'the file is cut off');
  };
}
