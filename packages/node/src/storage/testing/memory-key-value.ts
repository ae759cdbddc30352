import { toHex } from '@qifeng/core';
import type { Change, KeyValue } from '../key-value.ts';

/** One value of a key, from the write with this number on. */
interface Version {
  readonly since: number;
  readonly value: Uint8Array | null;
}

/** A key-value store in memory that keeps what its snapshots need; the content can be opened again after `close`. */
export function memoryKeyValue(): KeyValue {
  const versions = new Map<string, readonly Version[]>();
  const snapshots: number[] = [];
  let writes = 0;

  function at(key: Uint8Array, write: number): Uint8Array | undefined {
    return versions.get(toHex(key))?.findLast(({ since }) => since <= write)?.value ?? undefined;
  }

  return {
    get: key => at(key, writes),
    snapshot() {
      const taken = writes;
      snapshots.push(taken);
      return {
        get: key => at(key, taken),
        release: () => void snapshots.splice(snapshots.indexOf(taken), 1),
      };
    },
    async write(changes: readonly Change[]) {
      await Promise.resolve();
      writes++;
      const oldest = Math.min(writes, ...snapshots);
      for (const [key, value] of changes) {
        const hex = toHex(key);
        const held = versions.get(hex) ?? [];
        const needed = held.slice(
          Math.max(
            0,
            held.findLastIndex(({ since }) => since <= oldest),
          ),
        );
        versions.set(hex, [...needed, { since: writes, value: value?.slice() ?? null }]);
      }
    },
    async *keys(bucket) {
      const first = toHex(Uint8Array.of(bucket));
      for (const hex of [...versions.keys()].sort()) {
        const key = new Uint8Array(Buffer.from(hex, 'hex'));
        if (hex.startsWith(first) && at(key, writes) !== undefined) yield key;
      }
    },
    async between(after, before, most) {
      const [low, high] = [toHex(after), toHex(before)];
      const found = [...versions.keys()].filter(hex => hex > low && hex < high).sort();
      return found
        .map(hex => new Uint8Array(Buffer.from(hex, 'hex')))
        .filter(key => at(key, writes) !== undefined)
        .slice(0, most);
    },
    close: async () => {},
  };
}
