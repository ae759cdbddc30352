import { encode, genesisCodec, verifyHandovers } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Draft,
  draftsOf,
  handoverOf,
  plannedChain,
  type Seat,
  setValue,
} from '../../packages/core/src/receipts/testing/handover-chain.ts';
import { checkHandovers } from './checker.mjs';

const CODES = ['110000', '120000', '130000', '140000', '150000', '210000', '220000'];
const seats = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...CODES), fc.nat(1)), { minLength: 1, selector: ([code]) => code })
  .map(found => found.sort(([a], [b]) => (a < b ? -1 : 1)));
const plans = fc.array(fc.record({ seats, blocks: fc.integer({ min: 1, max: 3 }) }), {
  minLength: 2,
  maxLength: 4,
});

/** Ways to forge a handover that its own set signs all the same; the last two change nothing that matters. */
const FORGERIES: readonly ((draft: Draft) => Partial<Draft>)[] = [
  ({ next }) => ({ next: { ...next, start: next.start + 1 } }),
  ({ next }) => ({ next: { ...next, start: next.start - 1 } }),
  ({ next }) => ({ next: { ...next, n: next.n + 1 } }),
  ({ next }) => ({
    next: { ...next, validators: [...next.validators, next.validators.at(-1)!], n: next.n + 1 },
  }),
  ({ next, height }) => ({ height: height + 1, next: { ...next, start: next.start } }),
  ({ epoch }) => ({ checkpoint: { epoch: epoch + 1 } }),
  () => ({ checkpoint: { origin: 'fixture.qifeng.example/0' } }),
  () => ({ checkpoint: { stateRoot: new Uint8Array(32).fill(1) } }),
  ({ epoch }) => ({ heldAs: epoch + 2 }),
  ({ seats: own }) => ({ seats: own.map(([code]): Seat => [code, 7]) }),
  () => ({ height: 0, next: setValue([['110000', 0]], 1) }),
  () => ({ checkpoint: { size: 77 } }),
  () => ({}),
];
/** Those that leave a handover true in itself. */
const HARMLESS = FORGERIES.slice(-2);

it('core and the independent checker agree on handovers forged by the very sets that sign them', () => {
  const seen = new Map<unknown, Set<boolean>>(FORGERIES.map(forgery => [forgery, new Set()]));
  fc.assert(
    fc.property(plans, fc.nat(), fc.constantFrom(...FORGERIES), (plan, at, forgery) => {
      const chain = plannedChain(plan[0]!.seats);
      const drafts = draftsOf(plan);
      const i = at % drafts.length;
      const given = drafts.map((draft, j) =>
        handoverOf(chain, j === i ? { ...draft, ...forgery(draft) } : draft),
      );
      const core = verifyHandovers(given, { chain, suite: nativeSuite });
      const checked = checkHandovers({
        genesis: encode(genesisCodec, chain.genesis),
        handovers: given.map(({ checkpoint, epoch, proof: { other, bitmap, siblings } }) => [
          checkpoint,
          epoch,
          [other, bitmap, siblings],
        ]),
      });
      expect(checked.problems.length === 0).toBe(core.ok);
      if (core.ok) {
        const { epoch, start, validators } = core.value;
        expect(checked.set).toEqual({ epoch, start, codes: validators.map(({ code }) => code) });
      }
      seen.get(forgery)!.add(core.ok);
    }),
    { numRuns: 200 },
  );
  for (const [forgery, verdicts] of seen)
    expect([...verdicts]).toEqual([HARMLESS.includes(forgery as never)]);
});
