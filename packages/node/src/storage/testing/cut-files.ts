import type { FileSystem, WritableFile } from '../file-system.ts';
import { memoryFiles } from './memory-files.ts';

type Files = ReadonlyMap<string, Uint8Array>;

/** What a disk may hold after a power cut: all that was written, the synced part only, or a torn write. */
export interface CutFiles {
  readonly written: Files;
  readonly synced: Files;
  /** Null if nothing was waiting for a sync. */
  readonly torn: Files | null;
}

/**
 * Files in memory that tell after each step what a power cut would leave. A planted fault: `forgets` says which sync, by
 * number, does nothing.
 */
export function cutFiles(
  stepped: (left: CutFiles) => void,
  forgets: (sync: number) => boolean = () => false,
): FileSystem {
  const inner = memoryFiles();
  let syncs = 0;
  const synced = new Map<string, Uint8Array>();
  const tell = (): void => stepped({ written: new Map(inner.files), synced: new Map(synced), torn: torn() });

  function torn(): Files | null {
    const left = new Map(synced);
    for (const [path, written] of inner.files) {
      const safe = synced.get(path)?.length;
      if (safe !== undefined && safe < written.length)
        left.set(path, written.slice(0, safe + Math.ceil((written.length - safe) / 2)));
    }
    return [...left].some(([path, bytes]) => bytes !== synced.get(path)) ? left : null;
  }

  function watched(file: WritableFile, opened: string): WritableFile {
    let path = opened;
    renames.push((from, to) => {
      if (path === from) path = to;
    });
    return {
      async write(bytes, at) {
        await file.write(bytes, at);
        tell();
      },
      async sync() {
        await file.sync();
        if (!forgets(syncs++)) synced.set(path, inner.files.get(path)!);
        tell();
      },
      async truncate(length) {
        await file.truncate(length);
        tell();
      },
      close: () => file.close(),
    };
  }
  const renames: ((from: string, to: string) => void)[] = [];

  return {
    read: path => inner.read(path),
    create: async path => watched(await inner.create(path), path),
    open: async path => watched(await inner.open(path), path),
    async replace(from, to) {
      await inner.replace(from, to);
      for (const rename of renames) rename(from, to);
      synced.set(to, synced.get(from)!);
      synced.delete(from);
      tell();
    },
  };
}
