import { rmSync } from 'node:fs';
import { equalBytes, type Hasher, invariant, mapHash, mapRoot, updateMap } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import { placed, type SnapshotStore, type StateChange, type StateEntry } from '../ports/ledger-store.ts';
import { stageBase } from './base-repository.ts';
import { stageHead } from './block-repository.ts';
import { BUCKET } from './buckets.ts';
import { CertificateRepository } from './certificate-repository.ts';
import { stageFormat } from './format-repository.ts';
import { KeptRepository } from './kept-repository.ts';
import type { KeyValue } from './key-value.ts';
import { openLevel } from './level-key-value.ts';
import { PageRepository } from './page-repository.ts';
import { isRemembered, stageRemembered } from './replay-repository.ts';
import { SealedBatch } from './sealed.ts';
import { CHUNK, stageState } from './state-repository.ts';
import { stageEdge } from './tile-repository.ts';

/** Bytes of map pages held in memory. */
const CACHE_BYTES = 16 * 1024 * 1024;
/** Submissions that go into the replay memory together. */
const REMEMBERED = 65_536;

/** A store in a folder of its own, in place of any that was begun there. */
export async function openSnapshotStore(path: string): Promise<SnapshotStore> {
  rmSync(path, { recursive: true, force: true });
  return snapshotStore(await openLevel(path), () => rmSync(path, { recursive: true, force: true }));
}

/**
 * A store from the values of the state, over any key-value store that is empty. The values take the first places, in the
 * order in which they come: no later block uses those. Every write is synced.
 */
export function snapshotStore(
  store: KeyValue,
  remove: () => void,
  hasher: Hasher = nativeHasher,
): SnapshotStore {
  const map = mapHash(hasher);
  const pages = new PageRepository(() => store, hasher, CACHE_BYTES);
  let places = 0;
  let remembered: StateEntry[] = [];
  let flushes = 0;

  const write = async (stage: (batch: SealedBatch) => void): Promise<void> => {
    const batch = new SealedBatch();
    stage(batch);
    await store.write(batch.changes, true);
  };
  const flush = (batch: SealedBatch): void => {
    stageRemembered(batch, remembered, flushes++);
    remembered = [];
  };

  const addNow = async (values: readonly StateEntry[]): Promise<void> => {
    const first = places;
    places += Math.ceil(values.length / CHUNK) * CHUNK;
    const changes: StateChange[] = values.map(({ name, value }) => ({
      key: hasher.digest(name),
      name,
      value,
    }));
    const update = updateMap(
      map,
      pages,
      changes.map(({ key, value }, i) => [key, hasher.digest(value!), first + i]),
    );
    // Copies: what came is a view of a whole frame.
    for (const { name, value } of values)
      if (isRemembered(name)) remembered.push({ name: name.slice(), value: value.slice() });
    let settle = (): void => {};
    await write(batch => {
      stageState(batch, first, changes, new Map());
      settle = pages.stage(batch, 0, update);
      if (remembered.length >= REMEMBERED) flush(batch);
    });
    settle();
  };
  // Each update of the map is worked out on the one before.
  let last: Promise<void> = Promise.resolve();

  return {
    add(values) {
      last = last.then(() => addNow(values));
      return last;
    },

    async finish({ genesis, head, stateRoot, edge, ends, certificates, handovers }) {
      const { height } = head.header;
      invariant(equalBytes(mapRoot(map, pages), stateRoot), 'the parts that were verified make up the state');
      invariant(
        Math.max(flushes, placed(places).height) <= height,
        'the places of the values are below those of later blocks',
      );
      await write(batch => {
        flush(batch);
        pages.stageHeld(batch, height);
        for (const end of ends) stageHead(batch, end);
        stageHead(batch, head);
        stageEdge(batch, edge);
        const certified = new CertificateRepository(store, null);
        for (const { height: at, bytes } of certificates) certified.stage(batch, at, bytes);
        const kept = new KeptRepository(BUCKET.handover, new Map());
        for (const { epoch, bytes } of handovers) kept.stage(batch, bytes, epoch);
        stageBase(batch, { height, size: head.size, places });
        stageFormat(batch, genesis);
      });
      await store.close();
    },

    async discard() {
      await store.close();
      remove();
    },
  };
}
