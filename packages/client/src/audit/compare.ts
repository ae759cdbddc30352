import {
  type Certified,
  type Contradiction,
  comparable,
  encodeEvidence,
  equalBytes,
  type Fault,
  type HandoverTrust,
  logHash,
  MAX_EVIDENCE_HEADERS,
  type Pair,
  type Proven,
  parseCheckpoint,
  plainContradiction,
  verifyEvidence,
} from '@qifeng/core';
import { NodeError } from '../sdk/node-error.ts';
import { headersBetween } from './block-walk.ts';
import { consistencyOf } from './consistency.ts';
import { AuditFault, served } from './fault.ts';
import type { NodeReader } from './node-reader.ts';
import { checkpointsOf, type Ledger, type Way } from './source.ts';

/** Two ways that exclude each other: what proves it, or why nothing that was served does. */
export interface FoundConflict {
  readonly between: readonly [Way, Way];
  readonly outcome:
    | { readonly evidence: Uint8Array; readonly proven: Proven }
    | { readonly evidence: null; readonly fault: Fault };
}

/** The ledgers that were read, by the way they belong to. */
export type Ledgers = ReadonlyMap<Way, Ledger>;

/** Compares every way with itself and with every other. */
export async function findConflicts(
  ways: readonly Way[],
  ledgers: Ledgers,
  trust: HandoverTrust,
): Promise<readonly FoundConflict[]> {
  const found: FoundConflict[] = [];
  const seen = new Set<string>();
  const look = async (between: readonly [Way, Way], pair: Pair) => {
    const way = between.find(one => ledgers.has(one) && isOn(one, pair.second));
    const ledger = way === undefined ? null : ledgers.get(way)!;
    const difference = differenceIn(pair, ledger);
    const key = `${pair.first.text}\n${pair.second.text}`;
    if (difference === null || seen.has(key)) return;
    seen.add(key);
    found.push({ between, outcome: await outcomeOf(pair, difference, trust) });
  };
  for (const [i, way] of ways.entries()) {
    for (const step of way.steps) await look([way, way], { first: step, second: way.head, ended: null });
    for (const other of ways.slice(i + 1)) await look([way, other], comparable(way.head, other.head, trust));
  }
  return found;
}

/** How a pair differs: by its texts, or by the log, blocks or state that the second's ledger has at the first's height. */
type Difference =
  | { readonly by: 'texts'; readonly said: Contradiction }
  | { readonly by: 'log'; readonly root: Uint8Array; readonly reader: NodeReader }
  | { readonly by: 'blocks'; readonly reader: NodeReader }
  | { readonly by: 'state' };

function differenceIn(pair: Pair, ledger: Ledger | null): Difference | null {
  const said = plainContradiction(pair);
  const [low, high] = [pair.first.checkpoint, pair.second.checkpoint];
  if (said !== null) return { by: 'texts', said };
  if (low.height === high.height || ledger === null) return null;
  const { reader, roots, texts } = ledger;
  const root = roots.get(low.size);
  if (low.size > 0 && root !== undefined && !equalBytes(root, low.root)) return { by: 'log', root, reader };
  const text = texts.get(low.height);
  if (text === undefined || text === pair.first.text) return null;
  const { blockHash } = served(parseCheckpoint(text));
  return equalBytes(blockHash, low.blockHash) ? { by: 'state' } : { by: 'blocks', reader };
}

async function outcomeOf(
  pair: Pair,
  difference: Difference,
  trust: HandoverTrust,
): Promise<FoundConflict['outcome']> {
  try {
    const said = await contradictionBy(difference, pair, trust);
    const certificates = { first: pair.first.certificate, second: pair.second.certificate };
    const evidence = encodeEvidence(trust.chain.hash, { ...said, ...certificates });
    // What was served for it may be false in turn: nothing is claimed that does not verify.
    return { evidence, proven: served(verifyEvidence(evidence, trust)) };
  } catch (error) {
    if (!(error instanceof AuditFault || error instanceof NodeError)) throw error;
    return { evidence: null, fault: { code: error.code, detail: error.message } };
  }
}

/** The contradiction that a difference is, with what shows it as the node serves it. */
async function contradictionBy(
  difference: Difference,
  { first, second }: Pair,
  trust: HandoverTrust,
): Promise<Contradiction> {
  const [low, high] = [first.checkpoint, second.checkpoint];
  switch (difference.by) {
    case 'texts':
      return difference.said;
    case 'log': {
      const path = await consistencyOf(difference.reader, low.size, high.size, logHash(trust.suite.hasher));
      return { kind: 'log', root: difference.root, path };
    }
    case 'blocks':
      if (high.height - low.height > MAX_EVIDENCE_HEADERS)
        throw new AuditFault('too-far', `${high.height - low.height} headers lie between the two blocks`);
      return { kind: 'blocks', headers: await headersBetween(difference.reader, low.height, high.height) };
    case 'state':
      throw new AuditFault('state-mismatch', `one block ${low.height}, and two checkpoints of it`);
  }
}

function isOn(way: Way, certified: Certified): boolean {
  return checkpointsOf([way]).some(({ text }) => text === certified.text);
}
