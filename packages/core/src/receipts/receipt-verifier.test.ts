import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  cosignatureLine,
  logLine,
  makeReceipt,
  quorumLines,
  type ReceiptPlan,
  testChain,
  testEntry,
  testGenesis,
} from '../../../../tests/fixtures/builder.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { nativeSuite } from '../native/native-suite.ts';
import type { Digest } from '../records/entry.ts';
import { type ReceiptVerifier, receiptVerifier, verifyReceipt } from './verify.ts';

const chain = testChain();
const documents = Array.from({ length: 5 }, (_, i) => toUtf8(`document ${i}`));
const entries = documents.map((document, i) => testEntry(`${i}`, document));
const digestsOf = (at: number): readonly Digest[] => [
  { alg: 'sha256', hash: nativeSuite.hasher.digest(documents[at]!) },
];
const receiptOf = (at: number, change: Partial<ReceiptPlan> = {}) =>
  makeReceipt(chain, { entries, at, before: 6, ...change });
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const verify = vi.fn(nativeSuite.verifier.verify);
const isKey = vi.fn(nativeSuite.verifier.isKey);
const suite = { ...nativeSuite, verifier: { verify, isKey } };
let warm: ReceiptVerifier;
beforeEach(() => {
  warm = receiptVerifier({ chain, suite });
  for (const at of [0, 2, 3]) expect(warm(receiptOf(at), digestsOf(at)).ok).toBe(true);
  verify.mockClear();
  isKey.mockClear();
});

/** The verdict, the same down to its words with a warm memory, with a cold one and without any. */
function verdict(bytes: Uint8Array, at: number): boolean {
  const digests = digestsOf(at);
  const plain = verifyReceipt(bytes, { chain, suite: nativeSuite, digests });
  expect(warm(bytes, digests)).toEqual(plain);
  return plain.ok;
}

describe('a receipt verifier', () => {
  it('looks at no signature twice and finds the same', () => {
    for (const at of [0, 1, 2, 3, 4]) expect(verdict(receiptOf(at), at)).toBe(true);
    expect(verify).not.toHaveBeenCalled();
    expect(isKey).not.toHaveBeenCalled();
  });

  it.each([1, 2])('refuses what is refused with any one character changed: receipt %i', at => {
    const honest = receiptOf(at);
    for (let i = 0; i < honest.length; i++) {
      const digit = DIGITS.indexOf(String.fromCharCode(honest[i]!));
      // Another digit as well as another bit: else much of a base64 line would fail for its form alone.
      const other = digit >= 0 && (i + at) % 2 === 0 ? DIGITS.charCodeAt(digit ^ 32) : honest[i]! ^ 1;
      expect(verdict(honest.with(i, other), at), `byte ${i} as ${other}`).toBe(false);
    }
    expect(verdict(honest, at)).toBe(true);
  });

  it('takes no line of one receipt for that of another', () => {
    const honest = receiptOf(1);
    const [one, two] = [honest, receiptOf(2)].map(bytes => new TextDecoder().decode(bytes).split('\n'));
    for (let i = 0; i < one!.length; i++) {
      for (const line of two!) {
        const mixed = toUtf8(one!.with(i, line).join('\n'));
        expect(verdict(mixed, 1)).toBe(equalBytes(mixed, honest));
      }
    }
  });

  it('checks a line that stands in several notes once', () => {
    const lines = (text: string) => [
      logLine(chain, 0, text),
      ...quorumLines(chain, text).slice(0, 2),
      cosignatureLine(chain, 3, text),
    ];
    expect(warm(receiptOf(1, { lines }), digestsOf(1)).ok).toBe(true);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('remembers nothing that failed', () => {
    const broken = (text: string) => {
      const [log, ...rest] = [logLine(chain, 1, text), ...quorumLines(chain, text)];
      return [{ ...log!, signature: log!.signature.with(5, log!.signature[5]! ^ 1) }, ...rest];
    };
    for (let i = 1; i <= 3; i++) {
      expect(verdict(receiptOf(1, { lines: broken }), 1)).toBe(false);
      expect(verify).toHaveBeenCalledTimes(i);
    }
  });

  it('copies what it remembers: bytes that change afterwards are other bytes', () => {
    const changing = receiptOf(4);
    expect(warm(changing, digestsOf(4)).ok).toBe(true);
    changing[changing.length - 10]! ^= 1;
    expect(verdict(changing, 4)).toBe(false);
    expect(verdict(receiptOf(4), 4)).toBe(true);
  });

  it('belongs to its chain', () => {
    const other = testChain(testGenesis('another'));
    expect(receiptVerifier({ chain: other, suite })(receiptOf(1), digestsOf(1))).toMatchObject({
      ok: false,
      fault: { code: 'wrong-chain' },
    });
  });

  it('goes on being right when there are more checkpoints and submissions than it remembers', () => {
    const receipts = Array.from({ length: 100 }, (_, height) =>
      receiptOf(1, {
        header: { nonce: new Uint8Array(16).fill(height) },
        checkpoint: { height: height + 1 },
      }),
    );
    for (const receipt of [...receipts, ...receipts.toReversed()]) expect(verdict(receipt, 1)).toBe(true);
  });
});
