import type { FileSystem, WritableFile } from '../file-system.ts';

/** The steps that can fail. */
export type FileStep = 'create' | 'open' | 'write' | 'sync' | 'truncate' | 'replace';

/** Files in memory. Every step goes through `before`, which may throw as a disk would. */
export interface MemoryFiles extends FileSystem {
  readonly files: Map<string, Uint8Array>;
  /** Steps taken so far. */
  readonly steps: FileStep[];
  before: (step: FileStep) => void;
}

/** An empty file system, or one with these files. */
export function memoryFiles(files = new Map<string, Uint8Array>()): MemoryFiles {
  const self: MemoryFiles = {
    files,
    steps: [],
    before: () => {},
    read: async path => files.get(path)?.slice() ?? null,
    async create(path) {
      await step('create');
      files.set(path, new Uint8Array(0));
      return file(path);
    },
    async open(path) {
      await step('open');
      return file(path);
    },
    async replace(from, to) {
      await step('replace');
      // As the kernel does it, an open file keeps its content under its new name.
      const node = names.get(from)!;
      files.set(to, files.get(from)!);
      files.delete(from);
      names.set(to, node);
      node.path = to;
    },
  };
  const names = new Map<string, { path: string }>();

  async function step(name: FileStep): Promise<void> {
    await Promise.resolve();
    self.before(name);
    self.steps.push(name);
  }

  function file(path: string): WritableFile {
    const node = { path };
    names.set(path, node);
    return {
      async write(bytes, at) {
        await step('write');
        const old = files.get(node.path)!;
        const grown = new Uint8Array(Math.max(old.length, at + bytes.length));
        grown.set(old);
        grown.set(bytes, at);
        files.set(node.path, grown);
      },
      sync: () => step('sync'),
      async truncate(length) {
        await step('truncate');
        files.set(node.path, files.get(node.path)!.slice(0, length));
      },
      close: async () => {},
    };
  }

  return self;
}
