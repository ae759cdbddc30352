import { copyFileSync, existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chain, EXIT, type ExitCode, equalBytes, toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeHome } from '../../../config/node-home.ts';
import { epochsOf } from '../../../engine/epochs.ts';
import { forgetIn } from '../../../engine/signing.ts';
import type { VerifiedManifest } from '../../../engine/snapshot/manifest.ts';
import { takeSnapshot } from '../../../engine/snapshot/snapshot-file.ts';
import { wireCodecs } from '../../../engine/wire/codecs.ts';
import { openGuardFile } from '../../../storage/file-guard.ts';
import { openLevelStore } from '../../../storage/level-store.ts';
import { openSnapshotStore } from '../../../storage/snapshot-store.ts';
import { dropIncoming, incomingOf, settleStore, switchStore } from '../../../storage/store-switch.ts';
import { carryOver } from '../../carry-over.ts';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { recordsIn } from '../../framed-file.ts';
import { openHome } from '../../home.ts';
import { SNAPSHOT } from './format.ts';
import { snapshotMessages } from './messages.ts';

/** Arguments of `snapshot import` as they were typed. */
export interface ImportFlags {
  readonly home: string;
  readonly genesis?: string;
}

/** Makes the ledger of a stopped node from a file. Until all of it is checked and on disk nothing is changed. */
export async function importSnapshot(
  file: string,
  flags: ImportFlags,
  { lang, json, out, streams }: Context,
): Promise<ExitCode> {
  const home = openHome(flags.home, streams.env);
  const kept = join(home.path, 'genesis.cbor');
  const chain = openChain(flags.genesis ?? kept);
  if (existsSync(kept) && !equalBytes(openChain(kept).hash, chain.hash)) throw fault('other-chain', kept);
  // A node that runs has its store to itself: this says so before anything is read.
  const own = await ownHeight(home);
  const { base } = await taken(file, home, chain);
  const { height } = base.head.header;
  if (own !== null && own >= height) {
    dropIncoming(home.db);
    throw fault('snapshot-older', height, own);
  }
  if (own !== null) await handOver(home, chain);
  const forgets = await mayHaveVoted(home, chain);
  if (forgets) forgetIn(openGuardFile(home.guard));
  if (!existsSync(kept)) copyFileSync(flags.genesis!, kept);
  await switchStore(home.db);
  if (json) out.json({ member: home.member, height, stateRoot: base.stateRoot, amnesia: forgets });
  else {
    const words = snapshotMessages(lang);
    out.heading(true, home.path, words.imported(home.member, height));
    out.rows([
      [words.root, toHex(base.stateRoot)],
      ...(own === null ? [] : [[words.before, `${home.db}.before-…`] as const]),
      ...(forgets ? [[words.vote, words.amnesia] as const] : []),
    ]);
  }
  return EXIT.done;
}

/** Reads the file into the store in the making. */
async function taken(path: string, home: NodeHome, chain: Chain): Promise<VerifiedManifest> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw fault('file-failed', path, (error as Error).message);
  }
  try {
    const codecs = wireCodecs(chain.hash, nativeSuite.hasher);
    const incoming = () => openSnapshotStore(incomingOf(home.db));
    const manifest = await takeSnapshot(chain, nativeSuite, codecs, recordsIn(file, SNAPSHOT), incoming);
    if (!manifest.ok) throw fault('bad-snapshot', path, `${manifest.fault.code}: ${manifest.fault.detail}`);
    return manifest.value;
  } finally {
    await file.close();
  }
}

/** Height of the home's own ledger; null if it has none. */
async function ownHeight({ db }: NodeHome): Promise<number | null> {
  await settleStore(db);
  if (!existsSync(db)) return null;
  const store = await openLevelStore(db);
  const height = store.head()?.header.height ?? 0;
  await store.close();
  return height;
}

/** Hands on what the home's own ledger alone holds. */
async function handOver({ db }: NodeHome, chain: Chain): Promise<void> {
  const store = await openLevelStore(db);
  await carryOver(store, incomingOf(db), chain, nativeSuite);
  await store.close();
}

/** Whether the home's key is or was of a set: what it signed then a file from elsewhere does not tell. */
async function mayHaveVoted(home: NodeHome, chain: Chain): Promise<boolean> {
  const store = await openLevelStore(incomingOf(home.db));
  const epochs = epochsOf(chain, nativeSuite, store);
  let found = false;
  for (let epoch = 0, set = epochs.set(0); set !== null && !found; set = epochs.set(++epoch))
    found = set.validators.some(({ key }) => equalBytes(key, home.keys.validator.publicKey));
  await store.close();
  return found;
}
