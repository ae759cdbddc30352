import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedgerStore } from './ledger-store.ts';
import { openLevelStore } from './level-store.ts';
import { ledgerStoreCompliance } from './testing/ledger-store-compliance.ts';
import { memoryKeyValue } from './testing/memory-key-value.ts';

ledgerStoreCompliance('LevelDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qf-level-'));
  return {
    open: () => openLevelStore(join(folder, 'db')),
    remove: () => rm(folder, { recursive: true }),
  };
});

ledgerStoreCompliance('the store in memory', async () => {
  const store = memoryKeyValue();
  return { open: () => openLedgerStore(store), remove: async () => {} };
});

// A cache that holds next to nothing must change no answer.
ledgerStoreCompliance('a store without a cache', async () => {
  const store = memoryKeyValue();
  return { open: () => openLedgerStore(store, { cacheBytes: 1 }), remove: async () => {} };
});
