import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  blockHash,
  type Chain,
  cosignedMessage,
  decodeSubmission,
  type Entry,
  edgeFromTiles,
  encode,
  fromHex,
  type Genesis,
  type Header,
  quorum,
  type Signer,
  type Submission,
  signSubmission,
  toHex,
  toUtf8,
  verifySubmission,
} from '@qifeng/core';
import { wouldRefuse } from '@qifeng/core/execution';
import { nativeSuite } from '@qifeng/core/native';
import {
  PUBLISHER,
  TIME,
  testChain,
  testGenesis,
  testKey,
  unwrap,
} from '../../../../../tests/fixtures/builder.ts';
import { PROFILES } from '../../../../core/src/execution/testing/profiles.ts';
import { heldAccusations } from '../../engine/accusations.ts';
import { applyBlock, genesisWrite, stateView } from '../../engine/apply.ts';
import { epochsOf } from '../../engine/epochs.ts';
import { executedFrom } from '../../engine/executed.ts';
import { handoverKeeper } from '../../engine/handover-keeper.ts';
import { LogLines } from '../../engine/log-lines.ts';
import { createNotary } from '../../engine/receipts.ts';
import { wireCodecs } from '../../engine/wire/codecs.ts';
import { makeBatch } from '../../mempool/batch.ts';
import { Bodies } from '../../mempool/bodies.ts';
import type { NodeService, Standing } from '../../ports/node-service.ts';
import { openLevelStore } from '../../storage/level-store.ts';

const { hasher, verifier } = nativeSuite;

/** What a test may change about the node while it runs. */
export interface Mood {
  /** Blocks get a certificate. */
  certifies: boolean;
  /** Submissions are refused before they are queued if the state would. */
  careful: boolean;
  /** Waiting for a block comes to nothing. */
  stuck: boolean;
  ready: boolean;
  /** The next call of `receipt` throws. */
  broken: boolean;
  /** Validators give what an observer asks them for: their own signatures, wrong ones, or none. */
  others: 'sign' | 'lie' | 'refuse';
}

/** A node of one process: the real store, execution and notary, and the keys of all validators. */
export interface SoloNode {
  readonly service: NodeService;
  readonly mood: Mood;
  /** The wire bytes of a submission by the publisher of the chain, or another one with `publisherKey`. */
  submission(entries: readonly Entry[], publisher?: string): Uint8Array;
  /** Executes one block with these submissions and those that are queued; its height. */
  seal(...wires: readonly Uint8Array[]): Promise<number>;
  /** Makes the certificate of an executed block. */
  certify(height: number): Promise<void>;
  close(): Promise<void>;
}

/** The key that signs for a publisher other than that of the fixture's genesis. */
export function publisherKey(id: string): Signer {
  return testKey(`publisher ${id}`);
}

/** A fresh node on disk, in a folder that `close` removes; an observer's has no log key of the set. */
export async function soloNode(
  code = '110000',
  genesis: Genesis = { ...testGenesis(), profiles: PROFILES },
): Promise<SoloNode> {
  const chain: Chain = testChain(genesis);
  const folder = await mkdtemp(join(tmpdir(), 'qifeng-http-'));
  const store = await openLevelStore(join(folder, 'db'));
  const { genesisHash, state, pages } = genesisWrite(chain, nativeSuite);
  await store.initialise(genesisHash, state, pages);
  const codecs = wireCodecs(chain.hash, hasher);
  const pool = {
    verify: async (jobs: readonly (readonly [Uint8Array, Uint8Array, Uint8Array])[]) =>
      jobs.map(job => verifier.verify(...job)),
    areKeys: async (keys: readonly Uint8Array[]) => keys.map(key => verifier.isKey(key)),
    close: async () => {},
  };
  const bodies = new Bodies(store, pool, hasher);
  const epochs = epochsOf(chain, nativeSuite, store);
  const handovers = handoverKeeper(chain, nativeSuite, epochs, store, codecs);
  const mood: Mood = {
    ...{ certifies: true, careful: true, stuck: false, ready: true, broken: false },
    others: 'sign',
  };
  /** What a validator answers to an observer. */
  const logSignature = (member: string, height: number): Uint8Array | null => {
    if (mood.others === 'refuse') return null;
    const key = mood.others === 'sign' ? `log ${member}` : 'log of nobody';
    return testKey(key).sign(toUtf8(store.checkpointText(height)!));
  };
  const lines: LogLines = new LogLines({
    chain,
    suite: nativeSuite,
    signer: testKey(`log ${code}`),
    ledger: store,
    epochs,
    connected: () => ['120000', '130000'],
    send: (member, frame) => {
      if (frame.type !== 'log-line-request') return;
      const { height } = frame;
      const signature = logSignature(member, height);
      queueMicrotask(() => lines.onFrame(member, { type: 'log-line', height, signature }));
    },
    log: () => {},
  });
  const notary = createNotary(chain, nativeSuite, codecs, lines, store, bodies, epochs, handovers);
  const queue: Uint8Array[] = [];
  const listeners = new Set<(height: number) => void>();
  let nonces = 0;

  const certify = async (height: number): Promise<void> => {
    const text = store.checkpointText(height)!;
    const signatures = Array.from({ length: quorum(chain.validators.length) }, (_, signer) => {
      const time = TIME / 1000 + height + signer;
      const key = testKey(`validator ${chain.validators[signer]!.code}`);
      return { signer, time, signature: key.sign(cosignedMessage(text, time)) };
    });
    const hash = toHex(blockHash(store.header(height)!, hasher));
    const certificate = { epoch: 0, height, hash, text, signatures };
    await store.putCertificate(height, encode(codecs.checkpointCertificate, certificate));
    for (const listener of listeners) listener(height);
  };

  const seal = async (...wires: readonly Uint8Array[]): Promise<number> => {
    const all = [...queue.splice(0), ...wires];
    const submissions = all.map(wire => unwrap(decodeSubmission(wire, hasher)));
    const batch = all.length === 0 ? null : makeBatch(all, submissions, hasher);
    if (batch !== null) await bodies.put(batch);
    const head = store.head();
    const header: Header = {
      v: 1,
      genesis: chain.hash,
      height: (head?.header.height ?? 0) + 1,
      parent: head?.hash ?? chain.hash,
      proposer: '110000',
      epoch: 0,
      timestamp: TIME + 1000 + (head?.header.height ?? 0),
      batches: batch === null ? [] : [unwrap(fromHex(batch.digest))],
      barrier: false,
    };
    const edge = edgeFromTiles(store.tiles, head?.size ?? 0);
    const hash = blockHash(header, hasher);
    await store.commit(applyBlock(chain, nativeSuite, store, header, hash, submissions, edge).write);
    if (mood.certifies) await certify(header.height);
    return header.height;
  };

  const standing = (): Standing => ({
    code,
    epoch: 0,
    votes: true,
    view: 3,
    asked: 0,
    leader: '120000',
    height: store.head()?.header.height ?? 0,
    final: store.lastCertificate()?.height ?? 0,
    pending: queue.length,
    ready: mood.ready,
    reason: mood.ready ? null : 'connected to 1 of 3',
    peers: [{ code: '120000', connected: true, view: 3, height: 0, final: null }],
  });

  const service: NodeService = {
    chain,
    suite: nativeSuite,
    code,
    ledger: store,
    standing,
    evidence: epoch => heldAccusations(store, codecs, epochs, epoch),
    full: () => null,
    isPending: id => queue.some(wire => toHex(unwrap(decodeSubmission(wire, hasher)).id) === toHex(id)),
    executed: (from, limit) => executedFrom(store, hasher, from, limit),
    handovers: epoch => handovers.to(epoch),
    prepare: height => notary.prepare(height),
    signedCheckpoint: height => notary.signedCheckpoint(height),
    receipt: (index, from) => {
      if (mood.broken) throw new Error('secret of the disk');
      return notary.receipt(index, from);
    },
    onFinal: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    submit: async (bytes, wait) => {
      const submission = decodeSubmission(bytes, hasher);
      const sound = submission.ok ? verifySubmission(submission.value, verifier) : submission;
      if (!sound.ok) return { type: 'refused', refusal: { ...sound.fault, entry: null, retryAfter: null } };
      const { id } = sound.value;
      const known = store.outcome(id);
      if (known !== null) return { type: 'final', id, outcome: known };
      const early = mood.careful ? refusalNow(sound.value) : null;
      if (early !== null) return { type: 'refused', refusal: { ...early, retryAfter: null } };
      // The buffer of a request is the server's.
      queue.push(bytes.slice());
      if (wait === null) return { type: 'queued', id };
      if (mood.stuck) {
        const refusal = {
          code: 'not-final',
          detail: `not final after ${wait} ms`,
          entry: null,
          retryAfter: 5,
        };
        return { type: 'not-final', id, refusal };
      }
      await seal();
      return { type: 'final', id, outcome: store.outcome(id)! };
    },
  };

  const refusalNow = (submission: Submission) =>
    wouldRefuse(submission, TIME + 1000, stateView(store, hasher), { chain, ...nativeSuite });

  return {
    service,
    mood,
    seal,
    certify,
    submission: (entries, publisher = PUBLISHER) => {
      const nonce = new Uint8Array(16);
      new DataView(nonce.buffer).setUint32(0, ++nonces);
      const times = { issuedAt: TIME, expires: TIME + 60_000 };
      const draft = { genesis: chain.hash, publisher, nonce, ...times, entries };
      const key = publisher === PUBLISHER ? testKey('publisher') : publisherKey(publisher);
      return signSubmission(draft, key, hasher);
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}
