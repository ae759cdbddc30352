import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Asked,
  askedName,
  decode,
  type Entry,
  encode,
  genesisCodec,
  type Handover,
  type StatusProof,
  statusProofCodec,
  toUtf8,
  verifyStatusProof,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../packages/core/src/execution/testing/profiles.ts';
import { PUBLISHER, testChain, testEntry, testGenesis, unwrap } from '../fixtures/builder.ts';
import { EpochLedger } from '../fixtures/epoch-ledger.ts';
import { epochsLedger, LATE, LATE_INDEX } from '../fixtures/epochs.ts';
import { checkStatus } from './checker.mjs';

// A chain whose members changed five times, so that every proof has five handovers.
const ledger = epochsLedger();
const genesis = encode(genesisCodec, ledger.chain.genesis);
const trust = { chain: ledger.chain, suite: nativeSuite, fresh: null };
const subject = (id: string): Asked => ({
  kind: 'subject',
  profile: 'policy',
  subject: { issuer: PUBLISHER, id },
});
const digest = (content: Uint8Array): Asked => ({ kind: 'digest', ...testEntry('x', content).digest! });
const late = ledger.statusProof(subject('late'), LATE_INDEX);
const QUESTIONS: readonly (readonly [Asked, last: number | null])[] = [
  [subject('late'), LATE_INDEX],
  [digest(LATE), LATE_INDEX],
  [{ kind: 'publisher', id: PUBLISHER }, LATE_INDEX],
  [subject('nobody'), null],
  [digest(toUtf8('never')), null],
  [{ kind: 'publisher', id: '11430000006122244L' }, null],
];

/** The verdicts of core and of the checker, as `core/checker`. */
function verdicts(proof: Uint8Array, asked: Asked): string {
  const name = [asked.kind, ...askedName(asked)];
  return `${verifyStatusProof(proof, asked, trust).ok}/${checkStatus({ proof, genesis, name }).problems.length === 0}`;
}

const changed = (bytes: Uint8Array, change: Partial<StatusProof>) =>
  encode(statusProofCodec, { ...unwrap(decode(statusProofCodec, bytes)), ...change });

describe('core and the independent checker agree on status proofs', () => {
  it('that are true, of what is there and of what is not', () => {
    for (const [asked, last] of QUESTIONS) {
      const proof = ledger.statusProof(asked, last);
      expect(verdicts(proof, asked), JSON.stringify(asked)).toBe('true/true');
      const { value } = checkStatus({ proof, genesis, name: [asked.kind, ...askedName(asked)] });
      expect(value === null).toBe(last === null);
    }
    const { steps, value } = checkStatus({
      proof: ledger.statusProof(digest(LATE), LATE_INDEX),
      genesis,
      name: ['digest', ...askedName(digest(LATE))],
    });
    expect(value).toEqual([LATE_INDEX, LATE_INDEX, 1]);
    expect(steps.filter(step => step.startsWith('epoch '))).toHaveLength(10);
    expect(steps).toContain(`record ${LATE_INDEX} is the last one`);
  });

  it('that are true where the last record brought a file of its own, which is not the text', () => {
    const chain = testChain({ ...testGenesis(), profiles: PROFILES });
    const enclosing = new EpochLedger(chain);
    const note = (action: string, content: string, prev: number | null): Entry => {
      return { ...testEntry('a note', toUtf8(content)), profile: 'note', action, prev, meta: new Map() };
    };
    for (const entry of [note('open', 'text', null), note('annex', 'enclosure', 0)])
      expect(enclosing.run([entry]).outcomes.map(({ refusal }) => refusal)).toEqual([null]);
    const asked: Asked = { kind: 'subject', profile: 'note', subject: { issuer: PUBLISHER, id: 'a note' } };
    const proof = enclosing.statusProof(asked, 1);
    expect(verifyStatusProof(proof, asked, { ...trust, chain }).ok).toBe(true);
    const name = [asked.kind, ...askedName(asked)];
    expect(checkStatus({ proof, genesis: encode(genesisCodec, chain.genesis), name }).problems).toEqual([]);
  });

  it('that none shows anything about another name', () => {
    for (const [asked, last] of QUESTIONS)
      for (const [other] of QUESTIONS) {
        if (other === asked) continue;
        const proof = ledger.statusProof(asked, last);
        expect(verdicts(proof, other)).toBe('false/false');
        if (last === null) continue;
        const name = [...askedName(other)];
        expect(verdicts(changed(proof, { kind: other.kind, name }), other)).toBe('false/false');
      }
  });

  it('that have a part less, more or of another proof', () => {
    const absent = unwrap(decode(statusProofCodec, ledger.statusProof(subject('nobody'), null)));
    const { handovers, siblings, receipt } = unwrap(decode(statusProofCodec, late));
    const first = handovers![0] as Handover;
    for (const change of [
      { value: null },
      { value: null, receipt: null },
      { receipt: null },
      { receipt: ledger.receipt(LATE_INDEX - 1, ledger.height) },
      { receipt: receipt!.subarray(0, -1) },
      { handovers: null },
      { handovers: [first] },
      { handovers: handovers!.with(0, handovers![1]!) },
      { checkpoint: ledger.note(ledger.height - 1) },
      { siblings: [...siblings, siblings[0]!] },
      { siblings: siblings.slice(1) },
      { bitmap: Uint8Array.of(0xff) },
      { other: [new Uint8Array(32), new Uint8Array(32)] },
      { other: absent.other, bitmap: absent.bitmap, siblings: absent.siblings, value: null, receipt: null },
    ] satisfies Partial<StatusProof>[])
      expect(verdicts(changed(late, change), subject('late')), Object.keys(change).join()).toBe(
        'false/false',
      );
    expect(
      verdicts(changed(ledger.statusProof(subject('nobody'), null), { receipt }), subject('nobody')),
    ).toBe('false/false');
  });

  it('with any one byte changed', () => {
    fc.assert(
      fc.property(fc.nat(late.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        return verdicts(late.with(at, late[at]! ^ mask), subject('late')) === 'false/false';
      }),
      { numRuns: 40 },
    );
  });
});

describe('the command, about a standing', () => {
  const script = fileURLToPath(new URL('check.mjs', import.meta.url));
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qifeng-check-'));
    const files = {
      'genesis.cbor': genesis,
      'late.status-proof': late,
      'none.status-proof': ledger.statusProof(digest(toUtf8('never')), null),
      file: toUtf8('never'),
      other: LATE,
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (proof: string, ...about: string[]) => {
    const args = [script, '--status-proof', proof, '--genesis', 'genesis.cbor', ...about];
    return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
  };

  it('exits 0 and says whether it is there, 1 for a proof of something else, 2 for wrong usage', () => {
    const there = run('late.status-proof', 'subject', 'policy', PUBLISHER, 'late');
    expect([there.status, there.stdout]).toEqual([0, expect.stringMatching(/^ok {4}present\n$/m)]);
    const absent = run('none.status-proof', 'digest', 'file');
    expect([absent.status, absent.stdout]).toEqual([0, expect.stringMatching(/^ok {4}absent\n$/m)]);
    for (const about of [
      ['digest', 'other'],
      ['publisher', PUBLISHER],
    ]) {
      const other = run('none.status-proof', ...about);
      expect([other.status, other.stdout]).toEqual([1, 'FALSE the proof is about another name\n']);
    }
    for (const about of [['digest'], ['subject', 'policy', 'late'], ['file'], ['digest', 'not-there']])
      expect(run('none.status-proof', ...about).status).toBe(2);
  });
});
