import { join } from 'node:path';
import { EXIT, type ExitCode, edgeFromTiles, parseCheckpoint, toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { epochsOf } from '../../../engine/epochs.ts';
import { handoverKeeper } from '../../../engine/handover-keeper.ts';
import { manifestMaker } from '../../../engine/snapshot/make-manifest.ts';
import { snapshotRecords } from '../../../engine/snapshot/snapshot-file.ts';
import { wireCodecs } from '../../../engine/wire/codecs.ts';
import type { LedgerStore } from '../../../ports/ledger-store.ts';
import { openLevelStore } from '../../../storage/level-store.ts';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { writeRecords } from '../../framed-file.ts';
import { openHome } from '../../home.ts';
import { SNAPSHOT } from './format.ts';
import { snapshotMessages } from './messages.ts';

/** Arguments of `snapshot export` as they were typed. */
export interface ExportFlags {
  readonly home: string;
  readonly out: string;
}

/** Writes the state of a stopped node after its last block, which a quorum must have certified. */
export async function exportSnapshot(
  { home: path, out: file }: ExportFlags,
  { lang, json, out, streams }: Context,
): Promise<ExitCode> {
  const home = openHome(path, streams.env);
  const chain = openChain(join(home.path, 'genesis.cbor'));
  const store = await openLevelStore(home.db);
  try {
    const height = store.head()?.header.height ?? 0;
    const certificate = store.certificateFrom(Math.max(1, height));
    if (height === 0 || certificate?.height !== height) throw fault('not-certified', height);
    const codecs = wireCodecs(chain.hash, nativeSuite.hasher);
    const epochs = epochsOf(chain, nativeSuite, store);
    const handovers = handoverKeeper(chain, nativeSuite, epochs, store, codecs);
    const make = manifestMaker({ chain, suite: nativeSuite, codecs, store, epochs, handovers });
    const state = await store.freeze();
    const edge = edgeFromTiles(store.tiles, state.head.size);
    const manifest = make(state, edge, certificate.bytes);
    const bytes = await writeRecords(file, SNAPSHOT, snapshotRecords(state, manifest));
    state.release();
    const root = stateRootOf(store, height);
    if (json) out.json({ height, file, bytes, stateRoot: root });
    else {
      const words = snapshotMessages(lang);
      out.heading(true, file, words.exported(height));
      out.rows([
        [words.bytes, String(bytes)],
        [words.root, toHex(root)],
      ]);
    }
    return EXIT.done;
  } finally {
    await store.close();
  }
}

function stateRootOf(store: LedgerStore, height: number): Uint8Array {
  const checkpoint = parseCheckpoint(store.checkpointText(height)!);
  if (!checkpoint.ok) throw new Error(`the checkpoint of block ${height} does not read`);
  return checkpoint.value.stateRoot;
}
