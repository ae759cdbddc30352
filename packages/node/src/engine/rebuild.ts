import { blockHash, type Chain, emptyEdge, equalBytes, type Suite, stateKey, toHex } from '@qifeng/core';
import { type Batch, readBatch } from '../mempool/batch.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { Remains } from '../ports/remains.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { applyBlock, genesisWrite } from './apply.ts';
import { certificateJudge } from './certificate-judge.ts';
import { epochsOf } from './epochs.ts';
import { handoverKeeper } from './handover-keeper.ts';
import { wireCodecs } from './wire/codecs.ts';

/** How far a store was rebuilt, and why no further; null: all that was there. */
export interface Rebuilt {
  readonly height: number;
  readonly stopped: string | null;
}

/**
 * Executes the blocks that remain of a damaged store anew, from the genesis on, into an empty one, and puts their bodies and
 * sound certificates beside them. Ends below the first block that cannot be had whole, does not follow, or comes to another
 * checkpoint than before or than a quorum certified; and below the last one of an epoch without its certificate, which later
 * epochs stand on.
 */
export async function rebuildStore(
  chain: Chain,
  suite: Suite,
  remains: Remains,
  store: LedgerStore,
  pool: VerificationPool,
): Promise<Rebuilt> {
  const { hasher } = suite;
  const fresh = genesisWrite(chain, suite);
  await store.initialise(fresh.genesisHash, fresh.state, fresh.pages);
  const codecs = wireCodecs(chain.hash, hasher);
  const judge = certificateJudge(chain, suite, store, pool);
  const handovers = handoverKeeper(chain, suite, epochsOf(chain, suite, store), store, codecs);
  let parent = chain.hash;
  let edge = emptyEdge;

  /** Adds the block of a height, or says why not. */
  const add = async (height: number): Promise<string | null> => {
    const block = remains.block(height);
    if (block === null) return 'it is missing or damaged';
    const { header, text } = block;
    if (!equalBytes(header.genesis, chain.hash) || !equalBytes(header.parent, parent))
      return 'it does not follow the one before';
    const batches = header.batches.map(digest => soundBatch(remains.batch(digest), digest));
    if (!batches.every(batch => batch !== null)) return 'a body is missing or damaged';
    const submissions = batches.flatMap(batch => batch.submissions);
    const hash = blockHash(header, hasher);
    const applied = applyBlock(chain, suite, store, header, hash, submissions, edge);
    const stored = remains.certificate(height);
    const certificate = stored === null ? null : await judge(height, stored);
    if (applied.write.text !== text || (certificate?.text ?? text) !== text)
      return 'it gives another checkpoint than the certified one';
    const next = stateKey(hasher, 'epoch', header.epoch + 1);
    const closes = applied.write.state.some(({ key }) => equalBytes(key, next));
    if (closes && certificate === null) return 'its certificate, on which the next epoch stands, is missing';
    // In one turn, so that they share one sync.
    await Promise.all([
      ...batches.map(batch => store.putBatch(hasher.digest(batch.bytes), batch.bytes)),
      store.commit(applied.write),
      ...(certificate === null ? [] : [store.putCertificate(height, stored!)]),
    ]);
    await handovers.keep();
    parent = hash;
    edge = applied.edge;
    return null;
  };

  const soundBatch = (bytes: Uint8Array | null, digest: Uint8Array): Batch | null => {
    const batch = bytes === null ? null : readBatch(bytes, hasher);
    return batch?.ok && batch.value.digest === toHex(digest) ? batch.value : null;
  };

  for (let height = 1; height <= remains.top; height++) {
    const flaw = await add(height);
    if (flaw !== null) return { height: height - 1, stopped: `block ${height}: ${flaw}` };
  }
  return { height: remains.top, stopped: null };
}
