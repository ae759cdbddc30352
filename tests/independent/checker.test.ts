import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Chain,
  concat,
  encode,
  equalBytes,
  fromBase64,
  genesisCodec,
  type NoteSignature,
  toBase64,
  toUtf8,
  u64,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cosignatureLine,
  logLine,
  makeReceipt,
  policyOf,
  quorumLines,
  type ReceiptPlan,
  testChain,
  testEntry,
  testGenesis,
  testKey,
  unwrap,
} from '../fixtures/builder.ts';
import { DOCUMENT } from '../fixtures/make-fixture.ts';
import { check } from './checker.mjs';

const pathTo = (name: string) => fileURLToPath(new URL(`../fixtures/first-light/${name}`, import.meta.url));
const read = (name: string) => new Uint8Array(readFileSync(pathTo(name)));
const files = {
  receipt: read('notice.md.tlog-proof'),
  genesis: read('genesis.cbor'),
  policy: read('policy.txt'),
  file: read('notice.md'),
};
const fixtureChain = testChain();

function flipped(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  return bytes.with(at, bytes[at]! ^ mask);
}

/** The verdicts of core and of the checker on one receipt, as `core/checker`. */
function verdicts(
  receipt: Uint8Array,
  chain: Chain = fixtureChain,
  genesis: Uint8Array = files.genesis,
): string {
  const digests = [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(DOCUMENT) }];
  const core = verifyReceipt(receipt, { chain, suite: nativeSuite, digests }).ok;
  const { problems } = check({ receipt, genesis, policy: toUtf8(policyOf(chain)), file: DOCUMENT });
  return `${core}/${problems.length === 0}`;
}

describe('the independent checker', () => {
  it('passes the fixture and says what it established', () => {
    const { steps, problems } = check(files);
    expect(problems).toEqual([]);
    expect(steps).toHaveLength(10);
    expect(steps[5]).toContain('leaf 1 of 3 is under the log root');
  });

  it('fails with one character changed in any line of the receipt or the policy', () => {
    for (const name of ['receipt', 'policy'] as const) {
      const bytes = files[name];
      let start = 0;
      for (let line = 1; start < bytes.length; line++) {
        const end = bytes.indexOf(0x0a, start);
        for (const at of new Set([start, (start + end) >> 1, end - 1, end])) {
          const changed = { ...files, [name]: flipped(bytes, Math.max(at, start)) };
          expect(check(changed).problems, `${name}, line ${line}, byte ${at}`).toHaveLength(1);
        }
        start = end + 1;
      }
    }
  });

  it('fails with any one byte of the genesis or of the file changed', () => {
    for (const name of ['genesis', 'file'] as const) {
      const bytes = files[name];
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 60))
        expect(check({ ...files, [name]: flipped(bytes, at) }).problems, `${name} ${at}`).toHaveLength(1);
    }
  });

  it('ignores comments and empty lines of a policy, and refuses another quorum', () => {
    const text = policyOf(fixtureChain);
    const policy = (change: string) => check({ ...files, policy: toUtf8(change) }).problems;
    expect(policy(`# 注释\n\n \t\n${text}`)).toEqual([]);
    expect(policy(text.replace('consortium 3', 'consortium 2'))).toEqual(['the quorum is 2, not 3']);
    expect(policy(text.replace(/^witness 140000.*\n/m, '').replace(' 140000\n', '\n'))).toHaveLength(1);
    expect(policy(text.replace('quorum consortium', 'quorum none'))).toHaveLength(1);
    expect(policy(`${text}group all 1 110000\n`)).toHaveLength(1);
  });
});

describe('core and the independent checker agree', () => {
  it('on 2,000 receipts with one byte changed', () => {
    const { receipt } = files;
    const one = fc.tuple(fc.nat(receipt.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(one, ([at, mask]) => verdicts(flipped(receipt, at, mask)) === 'false/false'),
      { numRuns: 2000 },
    );
  });

  it('on receipts with one byte of the extra data changed, cut or doubled', () => {
    const lines = new TextDecoder().decode(files.receipt).split('\n');
    const extra = unwrap(fromBase64(lines[1]!.slice(6)));
    const change = fc.tuple(fc.nat(extra.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(2));
    fc.assert(
      fc.property(change, ([at, byte, kept]) => {
        const rest = extra.subarray(at + 1);
        const changed = Uint8Array.of(...extra.subarray(0, at), ...Array(kept).fill(byte), ...rest);
        const same = equalBytes(changed, extra);
        const receipt = toUtf8(lines.with(1, `extra ${toBase64(changed)}`).join('\n'));
        return verdicts(receipt) === `${same}/${same}`;
      }),
      { numRuns: 500 },
    );
  });

  it('on receipts with lines dropped, doubled or exchanged', () => {
    const lines = new TextDecoder().decode(files.receipt).split('\n');
    for (const [i, line] of lines.entries()) {
      const others = lines.toSpliced(i, 1);
      expect(verdicts(toUtf8(others.join('\n'))), `without line ${i + 1}`).toBe('false/false');
      for (let at = 0; at < lines.length; at++) {
        const moved = others.toSpliced(at, 0, line).join('\n');
        const same = moved === lines.join('\n');
        expect(verdicts(toUtf8(moved)), `line ${i + 1} as ${at + 1}`).toBe(`${same}/${same}`);
        expect(verdicts(toUtf8(lines.toSpliced(at, 0, line).join('\n')))).toBe('false/false');
      }
    }
  });

  it.each([
    [1, 1, 0],
    [2, 2, 1],
    [5, 3, 4],
    [6, 7, 250],
    [7, 12, 1000],
  ])('on receipts of %d validators and %d entries after %d leaves, honest and not', (n, count, before) => {
    const content = testGenesis('other', n);
    const chain = testChain(content);
    const genesis = encode(genesisCodec, content);
    const at = count - 1;
    const entries = Array.from({ length: count }, (_, i) =>
      testEntry(String(i), i === at ? DOCUMENT : toUtf8(String(i))),
    );
    const verdict = (change: Partial<ReceiptPlan>) =>
      verdicts(makeReceipt(chain, { entries, at, before, ...change }), chain, genesis);
    const lines = (change: (all: NoteSignature[], text: string) => readonly NoteSignature[]) => ({
      lines: (text: string) => change([logLine(chain, 0, text), ...quorumLines(chain, text)], text),
    });

    const timed = (time: number) => (all: readonly NoteSignature[], text: string) => {
      const message = toUtf8(`cosignature/v1\ntime ${time}\n${text}`);
      const signature = concat(u64(time), testKey(`validator ${chain.validators[0]!.code}`).sign(message));
      return all.with(1, { ...all[1]!, signature });
    };
    for (const same of [
      {},
      lines(timed(253_402_300_799)),
      lines((all, text) => all.with(0, logLine(chain, n - 1, text))),
      lines((all, text) => all.with(-1, cosignatureLine(chain, n - 1, text))),
    ])
      expect(verdict(same)).toBe('true/true');
    for (const fault of [
      { publisher: testKey('somebody'), header: { key: testKey('publisher').publicKey } },
      { leaf: { publisher: '11430000006122244L' } },
      { leaf: { i: count } },
      { leaf: { height: 2 } },
      { leaf: { submission: chain.hash } },
      { header: { genesis: fixtureChain.hash } },
      { header: { count: count + 1 } },
      { header: { root: chain.hash } },
      { checkpoint: { epoch: 1 } },
      { checkpoint: { origin: fixtureChain.origin } },
      { checkpoint: { size: before + at } },
      { checkpoint: { root: chain.hash } },
      { outer: { index: before + at + 1 } },
      { extra: { handovers: [] } },
      { extra: { opening: new Map([['title', { salt: chain.hash, value: Uint8Array.of(0xf6) }]]) } },
      lines(timed(253_402_300_800)),
      { extra: { path: [chain.hash] } },
      lines(all => all.slice(1)),
      lines(all => all.slice(0, -1)),
      lines(all => [...all.slice(1), all[0]!]),
      lines(all => [...all, all.at(-1)!]),
      lines(all => [all[0]!, ...all]),
      lines((all, text) => all.with(1, cosignatureLine(chain, 0, `${text}x\n`))),
      lines((all, text) => all.with(0, logLine(chain, 0, `${text}x\n`))),
      ...(n > 1 ? [lines(all => [all[0]!, ...all.slice(1).reverse()])] : []),
    ])
      expect(verdict(fault), JSON.stringify(fault)).toBe('false/false');
  });
});

describe('the command', () => {
  const script = fileURLToPath(new URL('check.mjs', import.meta.url));
  const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  const options = (receipt: string) =>
    ['--receipt', receipt, '--genesis', pathTo('genesis.cbor'), '--policy', pathTo('policy.txt')] as const;

  it('exits 0 for a true receipt, 1 for a false one, 2 for wrong usage', () => {
    const good = run(...options(pathTo('notice.md.tlog-proof')), pathTo('notice.md'));
    expect(good).toMatchObject({ status: 0, stderr: '' });
    expect(good.stdout.match(/^ok/gm)).toHaveLength(10);
    const bad = run(...options(pathTo('notice.md.tlog-proof')), pathTo('policy.txt'));
    expect(bad.status).toBe(1);
    expect(bad.stdout).toContain("FALSE the file's sha256 is");
    expect(run('--receipt', 'x').status).toBe(2);
  });
});
