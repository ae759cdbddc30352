import { type Certified, equalBytes, type HandoverTrust, logHash, stepsTo } from '@qifeng/core';
import { BlockWalk } from './block-walk.ts';
import { AuditFault, Findings } from './fault.ts';
import { readLog } from './log-pass.ts';
import type { NodeReader } from './node-reader.ts';
import { RecordCheck } from './record-check.ts';
import { type RecordedAccusation, StateReplay } from './state-replay.ts';
import { submissionsOf } from './submissions.ts';

/** A checkpoint that was verified, with the checkpoints on the way to it, and where it is from. */
export interface Way {
  /** The node's URL. */
  readonly node: string;
  /** `shown` by the node now, or `remembered` from an audit before. */
  readonly from: 'shown' | 'remembered';
  readonly head: Certified;
  /** Those that ended the epochs before, lowest first. */
  readonly steps: readonly Certified[];
}

/** A node's log and blocks as they were read, bound to its checkpoint. */
export interface Ledger {
  readonly reader: NodeReader;
  /** Log roots by size. */
  readonly roots: ReadonlyMap<number, Uint8Array>;
  /** Checkpoint texts by height, as the node tells them; the block hash in each is that of the chain of blocks. */
  readonly texts: ReadonlyMap<number, string>;
}

/** How a ledger is read. */
export interface ReadingPlan {
  /** Whose checkpoints it is to be compared with. */
  readonly ways: readonly Way[];
  /** Texts of checkpoints that came of executing a log: what leads to them need not be executed again, from whomever. */
  readonly rebuilt: Set<string>;
  /** Blocks below are not read again. */
  readonly fromHeight: number;
}

/** What reading a ledger came to. */
export interface Reading {
  /** Null where it is not the one that was certified: nothing follows from it then. */
  readonly ledger: Ledger | null;
  readonly findings: Findings;
  readonly accusations: readonly RecordedAccusation[];
}

/** The way that a verified checkpoint is at the end of. */
export function wayTo(node: string, from: Way['from'], head: Certified, trust: HandoverTrust): Way {
  return { node, from, head, steps: stepsTo(head, trust) };
}

/** All checkpoints of some ways. */
export function checkpointsOf(ways: readonly Way[]): readonly Certified[] {
  return ways.flatMap(({ head, steps }) => [...steps, head]);
}

/**
 * Reads all of a node's ledger up to its checkpoint, executes it and checks it by itself. Of `ways` the roots and texts are
 * kept that others are compared with.
 */
export async function readLedger(
  reader: NodeReader,
  way: Way,
  { ways, rebuilt, fromHeight }: ReadingPlan,
  trust: HandoverTrust,
  onRecords: (count: number) => void,
): Promise<Reading> {
  const { chain, suite } = trust;
  const { checkpoint } = way.head;
  const all = checkpointsOf(ways).map(one => one.checkpoint);
  const sizes = new Set(all.map(({ size }) => size));
  const heights = new Set(all.map(({ height }) => height));
  const replay = rebuilt.has(way.head.text)
    ? null
    : new StateReplay(submissionsOf(reader, checkpoint.height), chain, suite);
  const blocks = new BlockWalk(reader, checkpoint, fromHeight, heights, chain, suite, block =>
    replay?.told(block),
  );
  const records = new RecordCheck(blocks, replay, chain, suite, onRecords);
  const pass = await readLog(reader, checkpoint, sizes, logHash(suite.hasher), records);
  await records.finish(checkpoint);
  const root = pass.roots.get(checkpoint.size)!;
  if (!equalBytes(root, checkpoint.root)) {
    // Of records that nobody certified nothing else is worth saying.
    const findings = new Findings();
    const hint = pass.tileFault === null ? '' : `; ${pass.tileFault.detail}`;
    findings.add({
      code: 'root-mismatch',
      detail: `its ${checkpoint.size} records have another root than its checkpoint${hint}`,
    });
    return { ledger: null, findings, accusations: [] };
  }
  const { findings } = records;
  if (replay !== null) findings.addAll(replay.findings);
  const isSound = findings.list.length === 0;
  if (pass.tileFault !== null) findings.add(pass.tileFault);
  for (const { text, checkpoint: own } of checkpointsOf([way])) {
    const told = blocks.texts.get(own.height);
    if (told !== undefined && told !== text)
      findings.add({ code: 'block-mismatch', detail: `it tells another checkpoint of block ${own.height}` });
  }
  if (isSound)
    for (const one of checkpointsOf(ways))
      if (isRebuilt(one, pass.roots, blocks.texts)) rebuilt.add(one.text);
  const ledger = { reader, roots: pass.roots, texts: blocks.texts };
  return { ledger, findings, accusations: replay?.accusations ?? [] };
}

/** Whether a checkpoint is one of a ledger in which nothing is wrong. */
function isRebuilt(
  { text, checkpoint: { height, size, root } }: Certified,
  roots: Ledger['roots'],
  texts: Ledger['texts'],
): boolean {
  const own = roots.get(size);
  return texts.get(height) === text && (size === 0 || (own !== undefined && equalBytes(own, root)));
}

/** Runs a reading; what the node served wrong becomes a finding and the value null. */
export async function noting<T>(findings: Findings, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AuditFault)) throw error;
    findings.add({ code: error.code, detail: error.message });
    return null;
  }
}
