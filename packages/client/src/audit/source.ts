import { type Certified, equalBytes, type HandoverTrust, logHash, stepsTo } from '@qifeng/core';
import { BlockWalk } from './block-walk.ts';
import { AuditFault, Findings } from './fault.ts';
import { readLog } from './log-pass.ts';
import type { NodeReader } from './node-reader.ts';
import { type KnownBundles, RecordCheck } from './record-check.ts';

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
  readonly known: KnownBundles;
  /** Blocks below are not read again. */
  readonly fromHeight: number;
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
 * Reads all of a node's ledger up to its checkpoint and checks it by itself. Of `ways` the roots and texts are kept that
 * others are compared with. The ledger is null where it is not the one that was certified: nothing follows from it then.
 */
export async function readLedger(
  reader: NodeReader,
  way: Way,
  { ways, known, fromHeight }: ReadingPlan,
  trust: HandoverTrust,
  onRecords: (count: number) => void,
): Promise<{ readonly ledger: Ledger | null; readonly findings: Findings }> {
  const { chain, suite } = trust;
  const { checkpoint } = way.head;
  const all = checkpointsOf(ways).map(one => one.checkpoint);
  const sizes = new Set(all.map(({ size }) => size));
  const heights = new Set(all.map(({ height }) => height));
  const blocks = new BlockWalk(reader, checkpoint, fromHeight, heights, chain, suite);
  const records = new RecordCheck(reader, blocks, known, chain, suite, onRecords);
  const pass = await readLog(reader, checkpoint, sizes, logHash(suite.hasher), records);
  await records.finish();
  const root = pass.roots.get(checkpoint.size)!;
  if (!equalBytes(root, checkpoint.root)) {
    // Of records that nobody certified nothing else is worth saying.
    const findings = new Findings();
    const hint = pass.tileFault === null ? '' : `; ${pass.tileFault.detail}`;
    findings.add({
      code: 'root-mismatch',
      detail: `its ${checkpoint.size} records have another root than its checkpoint${hint}`,
    });
    return { ledger: null, findings };
  }
  const { findings } = records;
  if (pass.tileFault !== null) findings.add(pass.tileFault);
  for (const { text, checkpoint: own } of checkpointsOf([way])) {
    const told = blocks.texts.get(own.height);
    if (told !== undefined && told !== text)
      findings.add({ code: 'block-mismatch', detail: `it tells another checkpoint of block ${own.height}` });
  }
  return { ledger: { reader, roots: pass.roots, texts: blocks.texts }, findings };
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
