import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testChain, testEntry } from '../../../../tests/fixtures/builder.ts';
import { EpochLedger } from '../../../../tests/fixtures/epoch-ledger.ts';
import { epochsGenesis } from '../../../../tests/fixtures/epochs.ts';
import { toHex } from '../encoding/bytes.ts';
import { epochSet } from './epochs.ts';

const CODES = ['110000', '120000', '130000', '140000', '150000', '210000', '220000'];

/** What somebody asks for: a member joins or comes back with the keys of a generation, or leaves (null). */
const request = fc.record({
  members: fc.uniqueArray(fc.tuple(fc.constantFrom(...CODES), fc.option(fc.nat(2), { freq: 3 })), {
    maxLength: 2,
    selector: ([code]) => code,
    size: 'max',
  }),
  /** Approvals beyond q, or below it. */
  more: fc.constantFrom(0, 0, 0, 1, -1),
});

/** The chain's rules in a few lines: who is in the set by which keys, and which keys were ever used. */
class Model {
  set = new Map(CODES.slice(0, 4).map(code => [code, 0]));
  readonly used = new Set(CODES.slice(0, 4).map(code => `${code} 0`));

  /** Takes a request, or says no. */
  take(members: readonly (readonly [string, number | null])[], more: number): boolean {
    const f = (n: number) => Math.floor((n - 1) / 3);
    const next = new Map(this.set);
    for (const [code, generation] of members) {
      if (generation === null && !next.delete(code)) return false;
      if (generation !== null && this.used.has(`${code} ${generation}`)) return false;
      if (generation !== null) next.set(code, generation);
    }
    const count = members.length;
    if (count === 0 || count > f(this.set.size) || count > f(next.size) || more < 0) return false;
    for (const [code, generation] of members) if (generation !== null) this.used.add(`${code} ${generation}`);
    this.set = next;
    return true;
  }
}

it('sets change as a plain model says, over many epochs, and keys never come back', {
  timeout: 120_000,
}, () => {
  let changes = 0;
  let refusals = 0;
  fc.assert(
    fc.property(fc.array(request, { minLength: 8, maxLength: 20 }), requests => {
      const ledger = new EpochLedger(testChain(epochsGenesis()));
      const model = new Model();
      ledger.run([testEntry('first', new Uint8Array(1))]);
      let epoch = 0;
      for (const { members, more } of requests) {
        const { n } = ledger.now().set;
        const q = Math.floor((n + Math.floor((n - 1) / 3)) / 2) + 1;
        const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
        const change = sorted.map(([code, generation]) => ({
          code,
          validator: generation === null ? null : ledger.newValidator(code, generation),
        }));
        const positions = [...Array(Math.min(n, q + more)).keys()];
        const { closes, outcomes } = ledger.run([ledger.changeEntry(change, positions)]);
        expect(closes, outcomes[0]?.refusal?.detail).toBe(model.take(sorted, more));
        if (closes) changes++;
        else refusals++;
        epoch += closes ? 1 : 0;
        const wanted = [...model.set]
          .sort()
          .map(([code, generation]) => [code, keyText(ledger, code, generation)]);
        const { set } = ledger.now();
        expect(ledger.now().epoch).toBe(epoch);
        expect(set.validators.map(({ code, key }) => [code, toHex(key)])).toEqual(wanted);
        expect(set.start).toBe(closes ? ledger.height + 1 : epochSet(ledger, epoch)!.start);
      }
    }),
    { numRuns: 25 },
  );
  expect(Math.min(changes, refusals)).toBeGreaterThan(20);
});

function keyText(ledger: EpochLedger, code: string, generation: number): string {
  return toHex(ledger.newValidator(code, generation).key);
}
