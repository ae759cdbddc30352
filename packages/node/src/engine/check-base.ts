import {
  blockHash,
  type Chain,
  edgeFromTiles,
  equalBytes,
  frontierFromEdge,
  logHash,
  parseCheckpoint,
  type Suite,
  verifyEpoch,
} from '@qifeng/core';
import { baseRoots, type RebuildBase } from '@qifeng/core/execution';
import type { Base, LedgerStore } from '../ports/ledger-store.ts';
import { epochsOf } from './epochs.ts';
import { handoverKeeper } from './handover-keeper.ts';
import { wireCodecs } from './wire/codecs.ts';

/**
 * What a store from a snapshot began with, held against the checkpoint of that block: its header, the state value by value,
 * the edge of the log, and the handovers that lead from the genesis to its epoch.
 */
export function checkBase(
  chain: Chain,
  suite: Suite,
  store: LedgerStore,
  { height, size }: Base,
  flaws: string[],
): RebuildBase {
  const tree = logHash(suite.hasher);
  const log = frontierFromEdge(tree, edgeFromTiles(store.tiles, size));
  const base: RebuildBase = { values: [...store.baseValues()], log };
  const checkpoint = parseCheckpoint(store.checkpointText(height) ?? '');
  const header = store.header(height);
  if (!checkpoint.ok || header === null) {
    flaws.push(`block ${height}, with which the store begins, is missing or damaged`);
    return base;
  }
  const { root, stateRoot, blockHash: hash } = checkpoint.value;
  const rebuilt = baseRoots(suite, base);
  const wrong = (what: string): number => flaws.push(`the snapshot of block ${height}: ${what}`);
  if (!equalBytes(blockHash(header, suite.hasher), hash)) wrong('its header is not the certified one');
  if (!equalBytes(rebuilt.stateRoot, stateRoot)) wrong('its state is not the certified one');
  if (!equalBytes(rebuilt.logRoot, root)) wrong('the edge of its log is not the certified one');
  if (store.certificateFrom(height)?.height !== height) wrong('it has no certificate');
  const codecs = wireCodecs(chain.hash, suite.hasher);
  const keeper = handoverKeeper(chain, suite, epochsOf(chain, suite, store), store, codecs);
  const set = verifyEpoch(checkpoint.value, keeper.to(checkpoint.value.epoch), { chain, suite });
  if (!set.ok) wrong(`${set.fault.code}: ${set.fault.detail}`);
  return base;
}
