import { nativeSuite } from '@qifeng/core/native';
import { expect, it } from 'vitest';
import type { NodeService } from '../ports/node-service.ts';
import { Library } from '../search/testing/library.ts';
import { openLedgerStore } from '../storage/ledger-store.ts';
import { memoryKeyValue } from '../storage/testing/memory-key-value.ts';
import { carriersOf } from './carriers.ts';

it('finds who recorded a file, and the first record of each', async () => {
  const library = new Library({ publishers: 40, profiles: 2, seed: 5, follow: 0.2 });
  const store = await openLedgerStore(memoryKeyValue());
  await library.begin(store);
  while (library.records.length < 600) await library.grow(store, 60);
  const service = { chain: library.chain, suite: nativeSuite, ledger: store } as unknown as NodeService;
  const size = library.records.length;
  let shared = 0;
  for (const { entry } of library.records) {
    const { digest } = entry;
    if (digest === null) continue;
    const by = new Map<string, number>();
    for (const [index, record] of library.records.entries()) {
      const other = record.entry.digest;
      const isSame = other !== null && Buffer.compare(other.hash, digest.hash) === 0;
      if (isSame && !by.has(record.entry.subject.issuer)) by.set(record.entry.subject.issuer, index);
    }
    if (by.size < 2) continue;
    shared++;
    const [first] = by.values();
    expect(carriersOf(service, digest, null, size)).toMatchObject({
      index: first,
      publishers: [...by.keys()],
    });
    for (const [publisher, index] of by)
      expect(carriersOf(service, digest, publisher, size).index).toBe(index);
    expect(carriersOf(service, digest, '11430000006122244L', size).index).toBeNull();
    // What is not final yet is nobody's.
    expect(carriersOf(service, digest, null, first!)).toEqual({ index: null, count: 0, publishers: [] });
    expect(carriersOf(service, digest, null, first! + 1).publishers).toHaveLength(1);
  }
  expect(shared).toBeGreaterThan(3);
  await store.close();
});
