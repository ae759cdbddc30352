import { type Chain, decode, encode, mapHash, type Result, refuse, type Suite } from '@qifeng/core';
import type { FrozenState, SnapshotBase, SnapshotStore } from '../../ports/ledger-store.ts';
import type { WireCodecs } from '../wire/codecs.ts';
import { MAX_PART_BYTES, partCodec } from '../wire/snapshots.ts';
import { MAX_MANIFEST, type VerifiedManifest, verifyManifest } from './manifest.ts';
import { openPart, type Task } from './open-part.ts';
import { partOf } from './part-desk.ts';

/** The records of a snapshot that travels as a file: its manifest, then the parts of the state, each before those below it. */
export function* snapshotRecords(state: FrozenState, manifest: Uint8Array): Generator<Uint8Array> {
  yield manifest;
  const todo = [''];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const part = partOf(state, state.head.header.height, path);
    yield encode(partCodec, part);
    const below = part.children ?? [];
    for (let i = below.length - 1; i >= 0; i--) if (below[i] !== null) todo.push(path + i.toString(16));
  }
}

/**
 * Makes a store of the records of a file, as `next` gives them: null at their end, a fault for one longer than told. All is
 * judged by the genesis, and nothing is left behind of what is refused. Faults: those of `next` and of `verifyManifest`,
 * and `bad-snapshot`.
 */
export async function takeSnapshot(
  chain: Chain,
  suite: Suite,
  codecs: WireCodecs,
  next: (most: number) => Promise<Result<Uint8Array | null>>,
  open: () => Promise<SnapshotStore>,
): Promise<Result<VerifiedManifest>> {
  const first = await next(MAX_MANIFEST);
  if (!first.ok) return first;
  const manifest = verifyManifest(chain, suite, codecs, first.value ?? new Uint8Array(0));
  if (!manifest.ok) return manifest;
  const store = await open();
  const flaw = await takeParts(suite, manifest.value.base, next, store);
  if (flaw === null) await store.finish(manifest.value.base);
  else await store.discard();
  return flaw ?? manifest;
}

/** Why the parts are not those of the state, in their order, and no more; null if they are. */
async function takeParts(
  { hasher }: Suite,
  { head, stateRoot }: SnapshotBase,
  next: (most: number) => Promise<Result<Uint8Array | null>>,
  store: SnapshotStore,
): Promise<ReturnType<typeof refuse> | null> {
  const map = mapHash(hasher);
  const todo: Task[] = [{ path: '', hash: stateRoot }];
  for (let task = todo.pop(); task !== undefined; task = todo.pop()) {
    const record = await next(MAX_PART_BYTES);
    if (!record.ok) return record;
    if (record.value === null) return refuse('bad-snapshot', 'the file ends before the state does');
    const part = decode(partCodec, record.value, MAX_PART_BYTES);
    if (!part.ok) return part;
    const { height, path } = part.value;
    const isNext = height === head.header.height && path === task.path;
    const opened = isNext ? openPart(map, hasher, task, part.value) : null;
    if (opened === null)
      return refuse('bad-snapshot', `the part at '${task.path}' is not the one of the certified state`);
    if (opened.values.length > 0) await store.add(opened.values);
    todo.push(...opened.below.toReversed());
  }
  const end = await next(0);
  return end.ok && end.value === null ? null : refuse('bad-snapshot', 'the file goes on after the state');
}
