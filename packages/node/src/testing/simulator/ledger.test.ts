import { describe, expect, it } from 'vitest';
import type { Block } from '../../consensus/messages.ts';
import { SimulatedLedger } from './ledger.ts';

const block = (height: number, batches: readonly string[]): Block => ({
  hash: `h${height}`,
  height,
  parent: height === 1 ? 'genesis' : `h${height - 1}`,
  proposer: '110000',
  epoch: 0,
  timestamp: height,
  batches,
  barrier: false,
});

function run(ledger: SimulatedLedger): SimulatedLedger {
  ledger.execute(block(1, ['batch 0', 'batch 1']));
  ledger.execute(block(2, ['batch 16', 'batch 32', 'batch 48']));
  return ledger;
}

describe('the ledger under the simulator', () => {
  it('records what its batches say, once a block whoever asks, and passes its rebuild', () => {
    const ledger = run(new SimulatedLedger(4, 4));
    expect(ledger.size).toBeGreaterThan(1);
    const { size } = ledger;
    expect(ledger.execute(block(2, ['batch 16', 'batch 32', 'batch 48'])).text).toContain('block 2 ');
    expect(ledger.size).toBe(size);
    expect(() => ledger.recheck()).not.toThrow();
  });

  it('begins an epoch with a change that its set approved, whose members are whom it names', () => {
    const ledger = run(new SimulatedLedger(4, 5));
    const change = { epoch: 0, moves: new Map([[4, 4]]) };
    ledger.govern('change 0', { ...change, approve: [0, 1] });
    ledger.govern('change 1', { ...change, approve: [0, 2, 3] });
    expect(ledger.execute(block(3, ['change 0'])).closes).toBe(false);
    expect(ledger.execute(block(4, ['change 1'])).closes).toBe(true);
    expect(ledger.set(1)).toMatchObject({ keys: [0, 1, 2, 3, 4], value: { n: 5, start: 5 } });
    expect(ledger.execute({ ...block(5, []), epoch: 1 }).text).toContain('epoch 1');
    expect(() => ledger.recheck()).not.toThrow();
  });

  it.each([
    ['size', (text: string) => text.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`)],
    [
      'log root',
      (text: string) =>
        text.replace(/\n(.)([^\n]+=)\nblock/, (_, a, rest) => `\n${a === 'A' ? 'B' : 'A'}${rest}\nblock`),
    ],
    [
      'state root',
      (text: string) => text.replace(/\nstate (.)/, (_, a) => `\nstate ${a === 'A' ? 'B' : 'A'}`),
    ],
  ])('a wrong %s is found by the rebuild', (_, corrupt) => {
    expect(() => run(new SimulatedLedger(4, 4, false, corrupt)).recheck()).toThrow('rebuild');
  });
});
