import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatReceipt, type Handover, parseReceipt, type ReceiptExtra, verifyReceipt } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../fixtures/builder.ts';
import { epochsLedger, LATE, LATE_INDEX } from '../fixtures/epochs.ts';
import { check } from './checker.mjs';

const pathTo = (name: string) => fileURLToPath(new URL(`../fixtures/epochs/${name}`, import.meta.url));
const read = (name: string) => new Uint8Array(readFileSync(pathTo(name)));
const genesis = read('genesis.cbor');
const late = { receipt: read('late.md.tlog-proof'), genesis, file: read('late.md') };
const early = { receipt: read('early.md.tlog-proof'), genesis, file: read('early.md') };
const ledger = epochsLedger();
const parsed = unwrap(parseReceipt(late.receipt));
const handovers = parsed.extra.handovers!;

/** The verdicts of core and of the checker on the late receipt with another extra, as `core/checker`. */
function verdicts(extra: Partial<ReceiptExtra>, note = parsed.note): string {
  const receipt = formatReceipt({ ...parsed, extra: { ...parsed.extra, ...extra }, note });
  const digests = [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(LATE) }];
  const core = verifyReceipt(receipt, { chain: ledger.chain, suite: nativeSuite, digests }).ok;
  return `${core}/${check({ ...late, receipt }).problems.length === 0}`;
}

describe('the independent checker on a chain whose members changed', () => {
  it('passes both receipts from the genesis alone', () => {
    expect(check(early).problems).toEqual([]);
    const { steps, problems } = check(late);
    expect(problems).toEqual([]);
    expect(steps.filter(step => /^epoch \d ended with block \d/.test(step))).toHaveLength(5);
    expect(steps.filter(step => step.startsWith('cosigned by'))).toHaveLength(4);
  });

  it('takes the policy of the receipt’s epoch and no other', () => {
    for (const [files, own, other] of [
      [early, 0, 5],
      [late, 5, 0],
    ] as const) {
      expect(check({ ...files, policy: read(`policy-${own}.txt`) }).problems).toEqual([]);
      expect(check({ ...files, policy: read(`policy-${other}.txt`) }).problems).toHaveLength(1);
    }
  });

  it('runs as a command with the policy of the epoch', () => {
    const script = fileURLToPath(new URL('check.mjs', import.meta.url));
    const args = [
      '--receipt',
      'late.md.tlog-proof',
      '--genesis',
      'genesis.cbor',
      '--policy',
      'policy-5.txt',
      'late.md',
    ];
    const paths = args.map(arg => (arg.startsWith('--') ? arg : pathTo(arg)));
    const run = spawnSync(process.execPath, [script, ...paths], { encoding: 'utf8' });
    expect(run).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('core and the independent checker agree', () => {
  const changed = (i: number, change: Partial<Handover>) => ({
    handovers: handovers.with(i, { ...handovers[i]!, ...change }),
  });

  it('that handovers lead there only whole and in order', () => {
    expect(verdicts({})).toBe('true/true');
    expect(verdicts({ handovers: null })).toBe('false/false');
    expect(verdicts({ handovers: [] })).toBe('false/false');
    expect(verdicts({ handovers: [...handovers, handovers[4]!] })).toBe('false/false');
    for (const i of handovers.keys()) {
      expect(verdicts({ handovers: handovers.toSpliced(i, 1) })).toBe('false/false');
      expect(verdicts({ handovers: handovers.with(i, handovers[(i + 1) % 5]!) })).toBe('false/false');
      for (const part of ['checkpoint', 'epoch', 'proof'] as const)
        expect(verdicts(changed(i, { [part]: handovers[(i + 1) % 5]![part] }))).toBe('false/false');
    }
  });

  it('on handovers with one byte changed', () => {
    const place = fc.tuple(
      fc.nat(4),
      fc.constantFrom('checkpoint', 'epoch'),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
    );
    fc.assert(
      fc.property(place, ([i, part, at, mask]) => {
        const bytes = handovers[i]![part];
        const where = at % bytes.length;
        return verdicts(changed(i, { [part]: bytes.with(where, bytes[where]! ^ mask) })) === 'false/false';
      }),
      { numRuns: 300 },
    );
  });

  it('on the receipt of any record by the checkpoint of any later block', () => {
    const digests = null;
    for (let height = 1; height <= ledger.height; height++) {
      const receipt = ledger.receipt(0, height);
      expect(verifyReceipt(receipt, { chain: ledger.chain, suite: nativeSuite, digests }).ok).toBe(true);
      expect(check({ ...early, receipt }).problems).toEqual([]);
    }
  });

  it('that the set of another epoch cosigns nothing', () => {
    // The note of block 7 with the log line and cosignatures that an earlier set would have made.
    for (const epoch of [0, 1, 2, 3, 4]) {
      const { note } = unwrap(parseReceipt(ledger.receipt(LATE_INDEX, 7, {}, epoch)));
      expect(verdicts({}, note), `set ${epoch}`).toBe('false/false');
    }
    const { note } = unwrap(parseReceipt(ledger.receipt(LATE_INDEX, 7, {}, 5)));
    expect(verdicts({}, note)).toBe('true/true');
  });
});
