import {
  type Checkpoint,
  formatCheckpoint,
  formatNote,
  MAX_EVIDENCE_HEADERS,
  verifyCertificate,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { describe, expect, it } from 'vitest';
import { quorumLines, seed, testChain, unwrap } from '../../../../tests/fixtures/builder.ts';
import { findConflicts } from './compare.ts';
import { AuditFault } from './fault.ts';
import type { NodeReader } from './node-reader.ts';
import { type Ledger, type Way, wayTo } from './source.ts';

const chain = testChain();
const trust = { chain, suite: nativeSuite };
const text = (over: Partial<Checkpoint>) =>
  formatCheckpoint({
    ...{ origin: chain.origin, size: 7, root: seed('root', 32), height: 10, epoch: 0 },
    ...{ blockHash: seed('block', 32), stateRoot: seed('state', 32), ...over },
  });

/** The way to a checkpoint that a quorum cosigned. */
function way(node: string, over: Partial<Checkpoint>): Way {
  const own = text(over);
  const checkpoint = formatNote({ text: own, signatures: quorumLines(chain, own) });
  return wayTo(node, 'shown', unwrap(verifyCertificate({ checkpoint, handovers: null }, trust)), trust);
}

/** What comes of a low checkpoint beside a high one, whose node tells this text of the low block and serves no header. */
async function faults(told: string, apart: number) {
  const [low, high] = [way('low', {}), way('high', { height: 10 + apart, blockHash: seed('later', 32) })];
  const reader = {
    block: () => Promise.reject(new AuditFault('not-served', 'no header')),
  } as unknown as NodeReader;
  const ledger: Ledger = { reader, roots: new Map([[7, seed('root', 32)]]), texts: new Map([[10, told]]) };
  const found = await findConflicts([low, high], new Map([[high, ledger]]), trust);
  return found.map(({ between, outcome }) => {
    expect(between).toEqual([low, high]);
    return outcome.evidence === null ? outcome.fault.code : 'evidence';
  });
}

describe('a low checkpoint beside the ledger of a higher one', () => {
  it('is of another block: shown by the headers between, or too many of them', async () => {
    const other = text({ blockHash: seed('other block', 32) });
    expect(await faults(other, MAX_EVIDENCE_HEADERS)).toEqual(['not-served']);
    expect(await faults(other, MAX_EVIDENCE_HEADERS + 1)).toEqual(['too-far']);
  });

  it('is of the same block and another state: nothing that a node tells proves who was wrong', async () => {
    expect(await faults(text({ stateRoot: seed('other state', 32) }), 1)).toEqual(['state-mismatch']);
  });

  it('agrees', async () => {
    expect(await faults(text({}), 1)).toEqual([]);
  });
});
