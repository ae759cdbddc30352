import {
  blockHash,
  type Chain,
  decode,
  encode,
  entryCodec,
  equalBytes,
  leafCodec,
  type Suite,
  toHex,
} from '@qifeng/core';
import { type RebuildBlock, rebuild } from '@qifeng/core/execution';
import { hasSoundSignatures, readBatch } from '../mempool/batch.ts';
import type { LedgerReader, LedgerStore } from '../ports/ledger-store.ts';
import type { VerificationPool } from '../ports/verification.ts';
import { certificateJudge } from './certificate-judge.ts';
import { checkBase } from './check-base.ts';

/** What a check went through. */
export interface CheckReport {
  /** Height of the snapshot with which the store begins; 0: the genesis. */
  readonly from: number;
  readonly blocks: number;
  readonly records: number;
  readonly certificates: number;
  /** What is wrong, a sentence each; empty if the store is sound. */
  readonly flaws: readonly string[];
}

/**
 * Checks a store against its own certificates, sharing nothing with how it was written: every block's hash and parent,
 * every body and signature, the log and state rebuilt naively from the genesis and compared with each checkpoint text,
 * every leaf, every certificate's signatures. A store that begins with a snapshot is checked from there on: the state and
 * the edge of the log that it began with against that block's checkpoint, and the way from the genesis to its epoch.
 */
export async function checkStore(
  chain: Chain,
  suite: Suite,
  store: LedgerStore,
  pool: VerificationPool,
  progress: (height: number, of: number) => void = () => {},
): Promise<CheckReport> {
  const flaws: string[] = [];
  const height = store.head()?.header.height ?? 0;
  const blocks: RebuildBlock[] = [];
  const from = store.base()?.height ?? 0;
  for (let at = from + 1; at <= height; at++) {
    const block = await readBlock(suite, store, pool, at, flaws);
    if (block === null) break;
    blocks.push(block);
    progress(at, height);
  }
  const records = compareRebuilt(chain, suite, store, blocks, flaws);
  const certificates = await checkCertificates(chain, suite, store, pool, height, flaws);
  return { from, blocks: blocks.length, records, certificates, flaws };
}

async function readBlock(
  suite: Suite,
  store: LedgerReader,
  pool: VerificationPool,
  height: number,
  flaws: string[],
): Promise<RebuildBlock | null> {
  const header = store.header(height);
  if (header === null) {
    flaws.push(`block ${height} is missing`);
    return null;
  }
  const submissions: RebuildBlock['submissions'][number][] = [];
  for (const digest of header.batches) {
    const bytes = store.batch(digest);
    const batch = bytes === null ? null : readBatch(bytes, suite.hasher);
    if (batch === null || !batch.ok || batch.value.digest !== toHex(digest)) {
      flaws.push(`block ${height}: body ${toHex(digest)} is missing or damaged`);
      return null;
    }
    if (!(await hasSoundSignatures(batch.value.submissions, pool))) {
      flaws.push(`block ${height}: a submission in ${toHex(digest)} is not signed by its key`);
    }
    submissions.push(...batch.value.submissions);
  }
  return { header, submissions };
}

function compareRebuilt(
  chain: Chain,
  suite: Suite,
  store: LedgerStore,
  blocks: readonly RebuildBlock[],
  flaws: string[],
): number {
  const base = store.base();
  const start = base === null ? undefined : checkBase(chain, suite, store, base, flaws);
  const from = base?.height ?? 0;
  const first = base?.size ?? 0;
  let height = from;
  let size = first;
  const before = base === null ? null : store.header(base.height);
  let parent = before === null ? chain.hash : blockHash(before, suite.hasher);
  for (const rebuilt of rebuild(chain, suite, blocks, start)) {
    height++;
    const { header } = blocks[height - from - 1]!;
    if (!equalBytes(header.parent, parent)) flaws.push(`block ${height} does not follow block ${height - 1}`);
    const text = store.checkpointText(height);
    if (text !== rebuilt.text)
      flaws.push(`block ${height}: the stored checkpoint is not what its blocks give`);
    const blockLine = /^block \d+ (\S+)$/m.exec(rebuilt.text)?.[1] ?? '';
    parent = Uint8Array.from(Buffer.from(blockLine, 'base64'));
    size = rebuilt.size;
  }
  for (let index = first; index < size; index++) {
    const leaf = store.leaf(index);
    const decoded = leaf === null ? null : decode(leafCodec, leaf);
    if (decoded === null || !decoded.ok) flaws.push(`record ${index} is missing or damaged`);
    else if (!equalBytes(encode(entryCodec, decoded.value.entry.value), decoded.value.entry.bytes)) {
      flaws.push(`record ${index} is not canonical`);
    }
  }
  return size - first;
}

async function checkCertificates(
  chain: Chain,
  suite: Suite,
  store: LedgerReader,
  pool: VerificationPool,
  height: number,
  flaws: string[],
): Promise<number> {
  const judge = certificateJudge(chain, suite, store, pool);
  let count = 0;
  for (let next = store.certificateFrom(1); next !== null; next = store.certificateFrom(next.height + 1)) {
    count++;
    const certificate = await judge(next.height, next.bytes);
    if (certificate === null) flaws.push(`the certificate of block ${next.height} does not verify`);
    else if (next.height <= height && certificate.text !== store.checkpointText(next.height)) {
      flaws.push(`the certificate of block ${next.height} is for another checkpoint`);
    }
  }
  return count;
}
