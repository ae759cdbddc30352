import type { EpochValue, NoteSignature } from '@qifeng/core';
import { toUtf8 } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { describe, expect, it, vi } from 'vitest';
import { testChain, testKey } from '../../../../tests/fixtures/builder.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import type { Epochs } from './epochs.ts';
import { LogLines } from './log-lines.ts';
import type { LogLineFrame } from './wire/frames.ts';

const chain = testChain();
const textOf = (height: number) => `checkpoint ${height}\n`;

/** A set with these log keys, `code` or `code key`. */
function setOf(start: number, ...members: readonly string[]): EpochValue {
  const validators = members.map(member => {
    const [code = '', key = code] = member.split(' ');
    return { code, key: testKey(`validator ${code}`).publicKey, logKey: testKey(`log ${key}`).publicKey };
  });
  return { n: validators.length, start, validators };
}

/** Epoch 1 begins with block 10: 110000 has a new log key, 120000 is gone, 150000 there. */
const SETS = [
  setOf(1, '110000', '120000', '130000', '140000'),
  setOf(10, '110000 new', '130000', '140000', '150000'),
];

/** The lines of one node that executed `head` blocks, certified up to `final`. */
function node(code: string, over: { head?: number; final?: number; sets?: EpochValue[]; key?: string } = {}) {
  const { head = 20, final = 20, sets = SETS, key = code } = over;
  const kept = new Map<number, Uint8Array>();
  const sent: [string, LogLineFrame][] = [];
  const logged: unknown[] = [];
  const epochs: Pick<Epochs, 'set' | 'newest' | 'at'> = {
    set: epoch => sets[epoch] ?? null,
    newest: () => sets.length - 1,
    at: height =>
      Math.max(
        0,
        sets.findLastIndex(({ start }) => start <= height),
      ),
  };
  const ledger = {
    head: () => ({ header: { height: head } }),
    certificateFrom: (height: number) => (height <= final ? { height: final } : null),
    checkpointText: (height: number) => (height <= head ? textOf(height) : null),
    logLine: (height: number) => kept.get(height) ?? null,
    putLogLine: async (height: number, bytes: Uint8Array) => void kept.set(height, bytes),
  } as unknown as LedgerStore;
  const up = new Set<string>();
  const lines = new LogLines({
    ...{ chain, suite: nativeSuite, signer: testKey(`log ${key}`), ledger, epochs: epochs as Epochs },
    connected: () => [...up],
    send: (member, frame) => void sent.push([member, frame as LogLineFrame]),
    log: (...line) => void logged.push(line),
  });
  return { code, lines, kept, sent, logged, up };
}
type Node = ReturnType<typeof node>;

/** Carries what they sent to each other, until nobody says anything. */
async function talk(...nodes: readonly Node[]): Promise<void> {
  for (let said = true; said; ) {
    said = false;
    for (const from of nodes)
      for (const [to, frame] of from.sent.splice(0)) {
        said = true;
        nodes.find(({ code }) => code === to)?.lines.onFrame(from.code, frame);
      }
    for (let i = 0; i < 6; i++) await null;
  }
}

function isSigned(line: NoteSignature | null, key: string, height: number): boolean {
  const { verifier } = nativeSuite;
  return (
    line !== null && verifier.verify(testKey(`log ${key}`).publicKey, toUtf8(textOf(height)), line.signature)
  );
}

describe('the log line of a checkpoint', () => {
  it('is by the node’s own key in its epochs, and asked for in the others', async () => {
    const [own, other] = [node('150000'), node('130000')];
    own.up.add('130000');
    expect(own.lines.obtain(12)).toBe(true);
    expect(isSigned(own.lines.of(12, textOf(12)), '150000', 12)).toBe(true);
    // Proven later, by the key of its own; one that never had any asks for the very block.
    expect([own.lines.lowest(5), own.lines.lowest(12)]).toEqual([10, 12]);
    expect(own.lines.of(5, textOf(5))).toBeNull();
    const came = own.lines.obtain(5);
    await talk(own, other);
    expect(await came).toBe(true);
    expect(isSigned(own.lines.of(5, textOf(5)), '130000', 5)).toBe(true);
    expect([own.lines.obtain(5), own.sent]).toEqual([true, []]);
  });

  it('of an observer is a validator’s that has the key of that epoch still', async () => {
    const observer = node('530100');
    expect([observer.lines.lowest(5), observer.lines.lowest(12)]).toEqual([5, 12]);
    // 110000 had another key then, 150000 none, 120000 is none of the set.
    for (const code of ['110000', '120000', '150000']) observer.up.add(code);
    expect(await observer.lines.obtain(5)).toBe(false);
    expect(observer.sent).toEqual([]);
    const foreign = [setOf(1, '110000 old', '120000'), setOf(10, '110000', '130000')];
    expect(node('530100', { sets: foreign }).lines.lowest(5)).toBe(10);
  });

  it('with a wrong signature is refused and logged, and another validator asked', async () => {
    const [observer, honest] = [node('530100'), node('140000')];
    // It takes its key for one of the set, and so signs with it.
    const liar = node('130000', { sets: [setOf(1, '130000 forged')], key: 'forged' });
    for (const { code } of [liar, honest]) observer.up.add(code);
    const came = observer.lines.obtain(5);
    await talk(observer, liar, honest);
    expect(await came).toBe(true);
    expect(observer.logged).toEqual([['warn', 'wrong-log-line', { member: '130000', height: 5 }]]);
    expect(isSigned(observer.lines.of(5, textOf(5)), '140000', 5)).toBe(true);
  });
});

describe('a validator that is asked for its log signature', () => {
  const answers = (of: Node, heights: readonly number[], from = '530100') => {
    for (const height of heights) of.lines.onFrame(from, { type: 'log-line-request', height });
    return of.sent.splice(0).map(([, frame]) => frame.type === 'log-line' && frame.signature !== null);
  };

  it('signs what is final and executed here, of epochs of which its key is', () => {
    expect(answers(node('140000', { head: 20, final: 18 }), [3, 18, 19, 20, 21])).toEqual([
      ...[true, true],
      ...[false, false, false],
    ]);
    // The certificate is ahead of execution: nobody has compared what was worked out here.
    expect(answers(node('140000', { head: 17, final: 18 }), [17])).toEqual([false]);
    expect(answers(node('150000'), [9, 10])).toEqual([false, true]);
    expect(answers(node('530100'), [5, 12])).toEqual([false, false]);
  });

  it('gives all observers together no more than one member', () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const validator = node('140000');
    const given = (from: string) => answers(validator, Array<number>(300).fill(5), from).filter(Boolean);
    const lengths = ['530100', '530300', '110000'].map(from => given(from).length);
    clock.mockRestore();
    expect(lengths).toEqual([200, 0, 200]);
  });
});
