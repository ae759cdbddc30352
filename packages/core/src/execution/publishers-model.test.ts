import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { encode } from '../encoding/codec.ts';
import type { Entry } from '../records/entry.ts';
import { type PublisherValue, publisherValueCodec, stateName } from '../records/state.ts';
import { alteration, CARRIER, CARRIER_KEY, changeEntry, enrolment, GOVERNED } from './testing/governed.ts';
import { B, C, entry, keyOf, PlainLedger, rootOfValues, submission, TIME } from './testing/ledger.ts';

const IDS = [B, C] as const;
const HOMES = ['110000', '120000'] as const;
const QUARTER = 21_600_000;

/** A change that is approved for the state as it is; if it is held back, only `again` brings it. */
type Change = { readonly id: string; readonly home: string; readonly held: boolean } & (
  | { readonly do: 'enrol'; readonly key: number; readonly quota: number }
  | { readonly do: 'status'; readonly status: 'active' | 'suspended' }
  | { readonly do: 'rekey'; readonly key: number }
  | { readonly do: 'quota'; readonly quota: number }
);
type Records = { readonly do: 'record'; readonly id: string; readonly key: number; readonly count: number };
/** Brings the change so far back, whether it was held back, recorded or refused. */
type Again = { readonly do: 'again'; readonly back: number };
type Step = Change | Records | Again;

const id = fc.constantFrom(...IDS);
const home = fc.constantFrom(...HOMES);
const key = fc.nat(2);
const quota = fc.nat(5);
const held = fc.nat(3).map(n => n === 0);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('enrol' as const), id, home, held, key, quota }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      id,
      home,
      held,
      status: fc.constantFrom('active' as const, 'suspended' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rekey' as const), id, home, held, key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('quota' as const), id, home, held, quota }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      id,
      key,
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('again' as const), back: fc.nat(5) }) },
);

/** A publisher as the model has it. */
interface Plain {
  home: string;
  key: number;
  status: 'active' | 'suspended';
  quota: number;
  /** Times of its records, ms, and the index of the last. */
  readonly times: number[];
  head: number | null;
  changed: number;
}

describe('random histories of publishers', () => {
  it('are those of a plain model, verdict by verdict', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), steps => {
        const ledger = new PlainLedger(GOVERNED);
        const model = new Map<string, Plain>();
        const changes: ReturnType<typeof fresh>[] = [];
        // By what it says: the same change made twice is the same.
        const recorded = new Set<string>();
        for (const [i, given] of steps.entries()) {
          const time = (i + 1) * QUARTER;
          const size = ledger.leaves.length;
          const run = (entries: readonly Entry[], publisher: string, signedBy: Uint8Array) => {
            const window = { issuedAt: TIME + time, expires: TIME + time + 1000 };
            const sent = submission(GOVERNED, entries, { ...window, publisher, key: signedBy });
            const { refusal, first } = ledger.run([sent], time).outcomes[0]!;
            return refusal?.code ?? first!;
          };
          let expected: string | number;
          let found: string | number;
          if (given.do === 'record') {
            const entries = Array.from({ length: given.count }, (_, n) =>
              entry(`${i} ${n}`, { subject: { issuer: given.id, id: `${i} ${n}` } }),
            );
            expected = recordVerdict(model.get(given.id), given, time) ?? size;
            found = run(entries, given.id, keyOf(given.id, given.key));
            if (expected === size)
              for (const [n] of entries.entries()) {
                model.get(given.id)!.times.push(time);
                model.get(given.id)!.head = size + n;
              }
          } else {
            const made = given.do === 'again' ? changes.at(-1 - given.back) : fresh(given, model);
            if (made === undefined) continue;
            if (given.do !== 'again') changes.push(made);
            if (given.do !== 'again' && given.held) continue;
            const what = made.entry.subject.id;
            expected = recorded.has(what)
              ? 'governance-malformed'
              : (changeVerdict(model, made.change, made.after) ?? size);
            found = run([made.entry], CARRIER, CARRIER_KEY);
            if (expected === size) {
              recorded.add(what);
              apply(model, made.change, size);
            }
          }
          expect(found, `step ${i}`).toBe(expected);
          const kind = typeof found === 'number' ? `${given.do} done` : found;
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
        }
        // What the model says of publishers, and no more, makes the root: nothing else about them may have changed.
        const values = new Map(ledger.values);
        for (const one of IDS) {
          const name = stateName('publisher', one);
          const plain = model.get(one);
          if (plain === undefined) values.delete(toHex(name));
          else values.set(toHex(name), [name, encode(publisherValueCodec, publisherOf(one, plain))]);
        }
        expect(ledger.root()).toEqual(rootOfValues(values.values()));
      }),
      { numRuns: 60, seed: 7 },
    );
    // Every verdict was met, and every step was taken: the runs are deep enough to mean something.
    for (const kind of [
      ...['enrol done', 'status done', 'rekey done', 'quota done', 'record done', 'again done'],
      ...['governance-malformed', 'governance-publishers', 'unknown-publisher', 'publisher-suspended'],
      ...['wrong-key', 'daily-quota'],
    ])
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(0);
  });
});

/** A change made for the present state, as the model has it. */
function fresh(given: Change, model: ReadonlyMap<string, Plain>) {
  const after = model.get(given.id)?.changed ?? null;
  const own = keyOf(given.id, 'key' in given ? given.key : 0);
  const of = { id: given.id };
  const over =
    given.do === 'enrol'
      ? { enrolled: [enrolment({ ...of, keys: [own], quota: given.quota })] }
      : {
          altered: [
            alteration(after, {
              ...of,
              ...(given.do === 'status' && { status: given.status }),
              ...(given.do === 'rekey' && { keys: [own] }),
              ...(given.do === 'quota' && { quota: given.quota }),
            }),
          ],
        };
  return { entry: changeEntry({ home: given.home, ...over }), change: given, after };
}

function changeVerdict(model: ReadonlyMap<string, Plain>, made: Change, after: number | null): string | null {
  const known = model.get(made.id);
  if (made.do === 'enrol') return known === undefined ? null : 'governance-publishers';
  const fits = known !== undefined && known.home === made.home && known.changed === after;
  return fits ? null : 'governance-publishers';
}

function recordVerdict(known: Plain | undefined, { key: by, count }: Records, time: number): string | null {
  if (known === undefined) return 'unknown-publisher';
  if (known.status !== 'active') return 'publisher-suspended';
  if (known.key !== by) return 'wrong-key';
  const today = known.times.filter(at => dayOf(at) === dayOf(time)).length;
  return known.quota > 0 && today + count > known.quota ? 'daily-quota' : null;
}

/** The day in China of a time after the genesis. */
function dayOf(time: number): string {
  return new Date(TIME + time + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** The state's value of a publisher as the model has it. */
function publisherOf(id: string, { home, key, status, quota, times, head, changed }: Plain): PublisherValue {
  const last = times.at(-1);
  const day = last === undefined ? 0 : Date.parse(dayOf(last)) / 86_400_000;
  const used = times.filter(time => dayOf(time) === dayOf(last!)).length;
  const records = { day, used, seq: times.length, head, changed };
  return { name: enrolment({ id }).name, home, keys: [keyOf(id, key)], status, roles: [], quota, ...records };
}

function apply(model: Map<string, Plain>, made: Change, index: number): void {
  if (made.do === 'enrol')
    model.set(made.id, {
      home: made.home,
      key: made.key,
      status: 'active',
      quota: made.quota,
      times: [],
      head: null,
      changed: index,
    });
  const known = model.get(made.id)!;
  known.changed = index;
  if (made.do === 'status') known.status = made.status;
  if (made.do === 'rekey') known.key = made.key;
  if (made.do === 'quota') known.quota = made.quota;
}
