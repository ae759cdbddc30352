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
    const ledger = run(new SimulatedLedger());
    expect(ledger.size).toBeGreaterThan(1);
    const { size } = ledger;
    expect(ledger.execute(block(2, ['batch 16', 'batch 32', 'batch 48']))).toContain('block 2 ');
    expect(ledger.size).toBe(size);
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
    expect(() => run(new SimulatedLedger(corrupt)).recheck()).toThrow('rebuild');
  });
});
