import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edgeFromTiles, ok, parseCheckpoint, refuse } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../../../tests/fixtures/builder.ts';
import { LONE_CHAIN, startLone, submitTo } from '../../../../../tests/fixtures/lone-validator.ts';
import type { FrozenState } from '../../ports/ledger-store.ts';
import { openGuardFile, writeBirthMarker } from '../../storage/file-guard.ts';
import { openFileLog } from '../../storage/file-log.ts';
import { openLedgerStore } from '../../storage/ledger-store.ts';
import { snapshotStore } from '../../storage/snapshot-store.ts';
import { memoryKeyValue } from '../../storage/testing/memory-key-value.ts';
import { createVerificationPool } from '../../verification/pool.ts';
import { epochsOf } from '../epochs.ts';
import { wireCodecs } from '../wire/codecs.ts';
import { manifestMaker } from './make-manifest.ts';
import { snapshotRecords, takeSnapshot } from './snapshot-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'qifeng-snapshot-'));
const codecs = wireCodecs(LONE_CHAIN.hash, nativeSuite.hasher);
let records: readonly Uint8Array[];
let frozen: FrozenState;

/** A few real blocks of the chain of one validator, and the records of its state, in small parts. */
beforeAll(async () => {
  writeBirthMarker(join(folder, 'guard'));
  const pool = createVerificationPool({ workers: 1 });
  const store = await openLedgerStore(memoryKeyValue());
  const wal = await openFileLog(join(folder, 'wal'));
  const fatal = (error: unknown): void => {
    throw error;
  };
  const guard = openGuardFile(join(folder, 'guard'));
  const node = await startLone({ store, wal, guard, pool, told: () => {}, fatal });
  for (let number = 1; number < 8; number++) await submitTo(node, number, 10_000);
  await node.stop();
  await wal.close();
  await pool.close();
  const state = await store.freeze();
  frozen = { ...state, values: (path, most) => state.values(path, { ...most, count: 3 }) };
  const epochs = epochsOf(LONE_CHAIN, nativeSuite, store);
  const handovers = { to: () => null };
  const make = manifestMaker({ chain: LONE_CHAIN, suite: nativeSuite, codecs, store, epochs, handovers });
  const edge = edgeFromTiles(store.tiles, state.head.size);
  records = [...snapshotRecords(frozen, make(frozen, edge, store.lastCertificate()!.bytes))];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What becomes of a file with these records; whether the store in the making was removed, and its content. */
async function take(given: readonly Uint8Array[]) {
  const place = memoryKeyValue();
  let removed = false;
  let begun = false;
  const left = [...given];
  const taken = await takeSnapshot(
    LONE_CHAIN,
    nativeSuite,
    codecs,
    async most => {
      const record = left.shift() ?? null;
      return record !== null && record.length > most ? refuse('bad-snapshot', 'too long') : ok(record);
    },
    async () => {
      begun = true;
      return snapshotStore(place, () => {
        removed = true;
      });
    },
  );
  return { taken, place, clean: !begun || removed };
}

describe('the records of a snapshot', () => {
  it('make the same state again', async () => {
    expect(records.length).toBeGreaterThan(8);
    const { taken, place } = await take(records);
    const { base } = unwrap(taken);
    expect(base.stateRoot).toEqual(unwrap(parseCheckpoint(frozen.head.text)).stateRoot);
    const store = await openLedgerStore(place);
    expect(store.head()).toEqual(frozen.head);
    expect([...store.baseValues()].length).toBeGreaterThan(20);
  });

  it('changed, left out, repeated, exchanged or added to are refused, and nothing stays of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(7), async (one, other, bit) => {
        const i = one % records.length;
        const j = other % records.length;
        const record = records[i]!;
        const at = other % record.length;
        const wrong: (readonly Uint8Array[])[] = [
          records.with(i, record.with(at, record[at]! ^ (1 << bit))),
          records.toSpliced(i, 1),
          records.toSpliced(i, 0, record),
          [...records, record],
          [...records, new Uint8Array(0)],
          records.slice(0, i),
        ];
        if (i !== j) wrong.push(records.with(i, records[j]!).with(j, record));
        for (const given of wrong) {
          const { taken, clean } = await take(given);
          expect([taken.ok, clean]).toEqual([false, true]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
