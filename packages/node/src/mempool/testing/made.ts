import { decodeSubmission, type Signer, signSubmission } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { TIME, testChain, testEntry, testKey, unwrap } from '../../../../../tests/fixtures/builder.ts';
import { type Batch, makeBatch } from '../batch.ts';
import type { MempoolLimits } from '../limits.ts';
import { Mempool, type MempoolHost } from '../mempool.ts';

const { hasher, verifier } = nativeSuite;
const chain = testChain();
/** Two publishers; only their codes matter here. */
export const [ANNA, BORIS] = ['11100000000013338W', '91350100M000100Y43'] as const;
/** Room for everything. */
export const ROOMY: MempoolLimits = {
  own: 1e9,
  all: 1e9,
  publisher: {
    pending: 1e9,
    submissions: { perSecond: 1e9, burst: 1e9 },
    bytes: { perSecond: 1e9, burst: 1e9 },
  },
};

let nonces = 0;

/** The wire bytes of a submission with one entry and a title of this length. */
export function wireOf(publisher: string = ANNA, title = 10, key: Signer = testKey('publisher')): Uint8Array {
  const nonce = new Uint8Array(16);
  new DataView(nonce.buffer).setUint32(0, ++nonces);
  const entry = { ...testEntry(`n${nonces}`, nonce), meta: new Map([['title', 'x'.repeat(title)]]) };
  const times = { issuedAt: TIME, expires: TIME + 60_000 };
  return signSubmission({ genesis: chain.hash, publisher, nonce, ...times, entries: [entry] }, key, hasher);
}

/** A batch as a member would make it. */
export function batchOf(...wires: readonly Uint8Array[]): Batch {
  const submissions = wires.map(wire => unwrap(decodeSubmission(wire, hasher)));
  return makeBatch(wires, submissions, hasher);
}

/** A mempool, and what it did to its host. */
export interface Made {
  readonly mempool: Mempool;
  readonly published: Batch[];
  readonly pushed: string[];
  readonly expired: string[];
  /** Batches that blocks name. */
  readonly named: string[];
  /** Signature checks asked for. */
  checks: number;
  now: number;
}

/** A mempool whose batches are out at once, with these limits and changes. */
export function mempoolWith(limits: Partial<MempoolLimits> = {}, over: Partial<MempoolHost> = {}): Made {
  const made: { -readonly [K in keyof Made]: Made[K] } = {
    published: [],
    pushed: [],
    expired: [],
    named: [],
    checks: 0,
    now: TIME,
  } as unknown as Made;
  made.mempool = new Mempool({
    hasher,
    pool: {
      verify: async jobs => {
        made.checks += jobs.length;
        return jobs.map(job => verifier.verify(...job));
      },
      areKeys: async keys => keys.map(key => verifier.isKey(key)),
      close: async () => {},
    },
    limits: { ...ROOMY, ...limits },
    now: () => made.now,
    isExecuted: () => false,
    wouldRefuse: () => null,
    publish: async batch => void made.published.push(batch),
    push: digest => void made.pushed.push(digest),
    expired: async digests => {
      made.expired.push(...digests);
      return made.named;
    },
    ...over,
  });
  return made;
}
