import { buildTiles, cosignatureLines, emptyEdge, formatNote, leafHashesOf, logHash } from '@qifeng/core';
import { epochSet } from '@qifeng/core/execution';
import { nativeSuite } from '@qifeng/core/native';
import { describe, expect, it } from 'vitest';
import { epochsLedger } from '../../../../../tests/fixtures/epochs.ts';
import type { Head, SnapshotStore } from '../../ports/ledger-store.ts';
import { wireCodecs } from '../wire/codecs.ts';
import type { Frame } from '../wire/frames.ts';
import { encodeManifest } from './manifest.ts';
import { SnapshotSync } from './sync.ts';

const ledger = epochsLedger();
const { chain } = ledger;
const { hasher } = nativeSuite;
const codecs = wireCodecs(chain.hash, hasher);
const tree = logHash(hasher);

/** The manifest that an honest node gives of the state after a block. */
function manifestAt(height: number): Uint8Array {
  const { header, text, size } = ledger.blocks[height - 1]!;
  const { epoch } = header;
  const { validators } = epochSet(ledger, epoch)!;
  const lines = cosignatureLines(chain.origin, validators, ledger.signatures(height), hasher);
  return encodeManifest({
    header,
    checkpoint: formatNote({ text, signatures: lines }),
    handovers: epoch === 0 ? null : ledger.handovers.slice(0, epoch),
    ends: Array.from({ length: epoch }, (_, i) => ledger.blocks[epochSet(ledger, i + 1)!.start - 2]!.header),
    edge: buildTiles(tree, emptyEdge, leafHashesOf(tree, ledger.leaves.slice(0, size))).edge,
  });
}

/** The head of a ledger that has come as far as a block. */
function headAt(height: number): Head {
  const { header, text, size } = ledger.blocks[height - 1]!;
  return { header, text, size, hash: new Uint8Array(32) };
}

/** A node that holds nothing, and what it asked for and said. */
function newcomer(distance: number, height: () => number = () => 0) {
  const sent: { readonly member: string; readonly frame: Frame }[] = [];
  const said: string[] = [];
  const store: SnapshotStore = { add: async () => {}, finish: async () => {}, discard: async () => {} };
  const sync = new SnapshotSync({
    chain,
    suite: nativeSuite,
    codecs,
    ledger: { head: () => (height() === 0 ? null : headAt(height())) },
    distance,
    connected: () => ['110000', '120000', '130000'],
    send: (member, frame) => sent.push({ member, frame }),
    open: async () => store,
    adopt: async () => {},
    log: (_level, event, fields) => said.push(`${event} ${fields['height'] ?? fields['member']}`),
    fatal: error => {
      throw error;
    },
  });
  return { sync, sent, said };
}

describe('a node that is far behind', () => {
  it('asks only members that claim to be far ahead, each once in a while, and begins nothing on a claim', () => {
    const { sync, sent } = newcomer(5);
    sync.heard('110000', 4, 0);
    sync.heard('120000', 5, 0);
    sync.heard('120000', 1_000_000, 1_000);
    expect(sent).toEqual([{ member: '120000', frame: { type: 'snapshot-request', above: 4 } }]);
    sync.heard('120000', 1_000_000, 5_000);
    expect(sent).toHaveLength(2);
    sync.tick(10_000);
    expect(sync.active).toBe(false);
  });

  it('takes no manifest that it did not ask for, that is false, or that is of a block near by', () => {
    const { sync, said } = newcomer(5);
    sync.offered('110000', manifestAt(7), 0);
    expect(said).toEqual([]);
    sync.heard('110000', 9, 0);
    sync.offered('110000', manifestAt(4), 0);
    sync.heard('120000', 9, 0);
    const whole = manifestAt(7);
    sync.offered('120000', whole.with(90, whole[90]! ^ 1), 0);
    sync.tick(2_000);
    expect([said, sync.active]).toEqual([['snapshot-refused 120000'], false]);
    sync.heard('120000', 9, 60_000);
    sync.offered('120000', manifestAt(7), 60_000);
    expect(said).toHaveLength(1);
  });

  it('asks for no blocks while offers may come, but not for long, nor again on the next claim', () => {
    const { sync } = newcomer(5);
    sync.heard('110000', 4, 0);
    expect(sync.active).toBe(false);
    sync.heard('110000', 1_000_000, 0);
    expect(sync.active).toBe(true);
    sync.tick(1_499);
    expect(sync.active).toBe(true);
    sync.tick(1_500);
    expect(sync.active).toBe(false);
    sync.heard('110000', 1_000_000, 5_000);
    expect(sync.active).toBe(false);
  });

  it('asks for no blocks when a liar is found out until the others had the time to offer theirs', () => {
    const { sync, said } = newcomer(5);
    sync.heard('110000', 1_000, 0);
    sync.tick(1_400);
    const forged = manifestAt(6);
    forged[forged.length - 1]! ^= 1;
    sync.offered('110000', forged, 1_400);
    expect(said).toEqual(['snapshot-refused 110000']);
    sync.tick(2_800);
    expect(sync.active).toBe(true);
    sync.tick(2_900);
    expect(sync.active).toBe(false);
  });

  it('asks for no blocks for as long again when another member is back that was not asked yet', () => {
    const { sync } = newcomer(5);
    sync.heard('110000', 1_000, 0);
    sync.tick(1_500);
    sync.heard('120000', 1_000, 4_000);
    expect(sync.active).toBe(true);
    sync.tick(5_499);
    expect(sync.active).toBe(true);
    sync.tick(5_500);
    expect(sync.active).toBe(false);
    sync.heard('120000', 1_000, 10_000);
    expect(sync.active).toBe(false);
  });

  it('gives a snapshot up once it has the blocks', async () => {
    let height = 0;
    const { sync, said } = newcomer(5, () => height);
    sync.heard('110000', 9, 0);
    sync.offered('110000', manifestAt(7), 0);
    sync.tick(1_000);
    await new Promise(setImmediate);
    height = 6;
    sync.tick(2_000);
    expect(sync.active).toBe(true);
    height = 7;
    sync.tick(3_000);
    await new Promise(setImmediate);
    expect([said.at(-1), sync.active]).toEqual(['snapshot-abandoned 7', false]);
  });

  it('takes what most members offer, else the newest, and asks all of them for the root', async () => {
    for (const [offers, chosen] of [
      [[7, 5, 5], 5],
      [[5, 6, 7], 7],
    ] as const) {
      const { sync, sent, said } = newcomer(5);
      for (const [i, height] of offers.entries()) {
        sync.heard(`1${i + 1}0000`, 9, 0);
        sync.offered(`1${i + 1}0000`, manifestAt(height), 100 * i);
      }
      sync.tick(900);
      expect(said.at(-1)).toContain('snapshot-offered');
      sync.tick(1_000);
      expect(said.at(-1)).toBe(`snapshot ${chosen}`);
      sync.tick(9_000);
      expect(sync.active).toBe(true);
      await new Promise(setImmediate);
      expect(sent.at(-1)!.frame).toEqual({ type: 'part-request', height: chosen, paths: [''] });
      sync.stop();
    }
  });
});
