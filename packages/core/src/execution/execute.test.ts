import { beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { type Codec, decode } from '../encoding/codec.ts';
import { type Leaf, leafCodec } from '../records/leaf.ts';
import {
  digestValueCodec,
  type NamePart,
  publisherValueCodec,
  type StateKind,
  stateName,
  subjectValueCodec,
  submissionValueCodec,
} from '../records/state.ts';
import { wouldRefuse } from './check-submission.ts';
import { executeBlock } from './execute.ts';
import {
  A,
  B,
  entry,
  header,
  NOTHING,
  PlainLedger,
  submission,
  TIME,
  testChain,
  unwrap,
} from './testing/ledger.ts';

const chain = testChain();
const digest = (n: number) => ({ alg: 'sha256', hash: new Uint8Array(32).fill(n) }) as const;
let ledger: PlainLedger;
beforeEach(() => {
  ledger = new PlainLedger(chain);
});

const leaves = (): Leaf[] => ledger.leaves.map(bytes => unwrap(decode(leafCodec, bytes)));
function value<T>(codec: Codec<T>, kind: StateKind, ...parts: NamePart[]): T | null {
  const bytes = ledger.value(stateName(kind, ...parts));
  return bytes === null ? null : unwrap(decode(codec, bytes));
}
const note = (id: string) => value(subjectValueCodec, 'subject', 'note', A, id);

describe('a record', () => {
  it('chains its publisher and its subject, across submissions and blocks', () => {
    ledger.submit([entry('a'), entry('b')]);
    ledger.run([
      submission(chain, [entry('b', { action: 'change', prev: 1 })]),
      submission(chain, [entry('b', { action: 'comment', prev: 2 })], { publisher: B }),
      submission(chain, [entry('a', { action: 'change', prev: 0 })]),
    ]);
    const shown = leaves().map(leaf => [
      leaf.height,
      leaf.i,
      leaf.seq,
      leaf.publisherPrev,
      leaf.version,
      leaf.subjectPrev,
    ]);
    expect(shown).toEqual([
      [1, 0, 1, null, 1, null],
      [1, 1, 2, 0, 1, null],
      [2, 0, 3, 1, 2, 1],
      [2, 0, 1, null, 3, 2],
      [2, 0, 4, 2, 2, 0],
    ]);
    expect(value(publisherValueCodec, 'publisher', A)).toMatchObject({ seq: 4, head: 4 });
    expect(value(publisherValueCodec, 'publisher', B)).toMatchObject({ seq: 1, head: 3 });
    expect(note('b')).toMatchObject({ head: 3, version: 3, state: 'open', owner: A });
  });

  it('holds time, submission and the very bytes that were signed', () => {
    const sent = submission(chain, [entry('a'), entry('b')]);
    const { outcomes } = ledger.run([sent], 1234);
    expect(outcomes).toEqual([{ id: sent.id, height: 1, first: 0, count: 2, refusal: null }]);
    for (const [i, leaf] of leaves().entries()) {
      expect(leaf).toMatchObject({ v: 1, height: 1, time: TIME + 1234, publisher: A, i });
      expect(toHex(leaf.submission)).toBe(toHex(sent.id));
      expect(toHex(leaf.entry.bytes)).toBe(toHex(sent.entryBytes[i]!));
    }
  });

  it('counts under its digest, its subject and its publisher, and lists what was last there', () => {
    ledger.submit([entry('a', { digest: digest(1) }), entry('b', { digest: digest(1) }), entry('c')]);
    const { rows } = ledger.submit([entry('a', { action: 'close', prev: 0, digest: digest(1) })]);
    expect(value(digestValueCodec, 'digest', 'sha256', digest(1).hash)).toEqual({
      first: 0,
      last: 3,
      count: 3,
    });
    expect(rows).toEqual([
      { list: 'subject', name: stateName('subject', 'note', A, 'a'), index: 0 },
      { list: 'publisher', name: stateName('publisher', A), index: 2 },
      { list: 'digest', name: stateName('digest', 'sha256', digest(1).hash), index: 1 },
    ]);
  });

  it('keeps what it does not mention: digest, validity, owner; and null clears a date', () => {
    const full = new Map([
      ['effective', '2021-01-01'],
      ['expires', '2021-12-31'],
      ['owner', B],
    ]);
    ledger.submit([entry('a', { digest: digest(7), meta: full })]);
    const first = { digest: digest(7), validFrom: '2021-01-01', validTo: '2021-12-31', owner: B };
    expect(note('a')).toMatchObject({ ...first, state: 'open' });
    ledger.submit([entry('a', { action: 'change', prev: 0 })]);
    expect(note('a')).toMatchObject({ ...first, head: 1 });
    ledger.submit([entry('a', { action: 'change', prev: 1, meta: new Map([['expires', null]]) })]);
    expect(note('a')).toMatchObject({ ...first, validTo: null, head: 2 });
    ledger.submit([entry('a', { action: 'close', prev: 2, digest: digest(8) })]);
    expect(note('a')).toMatchObject({ ...first, validTo: null, digest: digest(8), state: 'closed' });
  });

  it('reads no dates from the commitments of a sealed profile', () => {
    const meta = new Map([['effective', new Uint8Array(32)]]);
    const id = 'a0'.repeat(32);
    ledger.submit([entry(id, { profile: 'sealed', meta })]);
    expect(value(subjectValueCodec, 'subject', 'sealed', A, id)).toMatchObject({
      validFrom: null,
      version: 1,
    });
  });
});

describe('links', () => {
  const cites = (index: number) => [{ rel: 'cites', subject: { issuer: A, id: 'a' }, index }];

  it('name records of earlier submissions, of the same block too, never of their own', () => {
    const own = submission(chain, [entry('a'), entry('b', { links: cites(0) })]);
    const [before, after] = [
      submission(chain, [entry('a')]),
      submission(chain, [entry('c', { links: cites(0) })]),
    ];
    const { outcomes } = ledger.run([own, before, after]);
    expect(outcomes.map(({ refusal }) => refusal?.code ?? null)).toEqual(['unknown-link', null, null]);
  });

  it('name the last record in any of the profiles of their relation', () => {
    ledger.submit([entry('a'), entry('a', { profile: 'strict', meta: new Map([['text', 'x']]) })]);
    ledger.submit([entry('a', { action: 'change', prev: 0 })]);
    const codes = [0, 1, 2].map(
      i => ledger.submit([entry(`x${i}`, { links: cites(i) })]).outcomes[0]!.refusal?.code,
    );
    expect(codes).toEqual(['stale-link', undefined, undefined]);
  });
});

describe('the order of submissions', () => {
  it('decides between two for one subject, and nothing else but indexes', () => {
    const [one, two] = [submission(chain, [entry('a')]), submission(chain, [entry('a')])];
    const other = submission(chain, [entry('b')]);
    const run = (...given: (typeof one)[]) => new PlainLedger(chain).run(given).outcomes;
    const won = (outcomes: ReturnType<typeof run>) =>
      Object.fromEntries(outcomes.map(({ id, refusal }) => [toHex(id), refusal?.code ?? 'recorded']));
    const [a, b, c] = [toHex(one.id), toHex(two.id), toHex(other.id)];
    expect(won(run(one, two, other))).toEqual({
      [a]: 'recorded',
      [b]: 'action-not-allowed',
      [c]: 'recorded',
    });
    expect(won(run(two, one, other))).toEqual({
      [b]: 'recorded',
      [a]: 'action-not-allowed',
      [c]: 'recorded',
    });
    expect(won(run(other, one, two))).toEqual(won(run(one, other, two)));
  });
});

describe('the time window', () => {
  const at = (issuedAt: number, expires: number, block: number) => {
    const sent = submission(chain, [entry('a')], { issuedAt: TIME + issuedAt, expires: TIME + expires });
    const early = wouldRefuse(sent, TIME + block, ledger, ledger);
    const result = ledger.run([sent], block);
    if (result.dropped.length > 0) {
      expect(result).toEqual({
        leaves: [],
        records: [],
        changes: [],
        outcomes: [],
        rows: [],
        dropped: [{ id: sent.id, refusal: early }],
        closes: false,
      });
    }
    return result.dropped[0]?.refusal.code ?? 'in';
  };
  it.each([
    [1000, 2000, 1999, 'in'],
    [1000, 2000, 2000, 'expired'],
    [1000, 2000, 2001, 'expired'],
    [61_000, 90_000, 1000, 'in'],
    [61_001, 90_000, 1000, 'not-yet-valid'],
    [0, 86_400_000, 86_399_999, 'in'],
  ])('issued at %i, expiring at %i, in a block at %i: %s', (issued, expires, block, verdict) =>
    expect(at(issued, expires, block)).toBe(verdict),
  );
});

describe('the replay memory', () => {
  it('passes over a repeat, of a record and of a refusal, in the same block and later', () => {
    const good = submission(chain, [entry('a')]);
    const bad = submission(chain, [entry('b'), entry('c', { prev: 9 })]);
    expect(ledger.run([good, bad, good, bad], 1000).outcomes).toHaveLength(2);
    expect(wouldRefuse(good, TIME + 2000, ledger, ledger)).toBeNull();
    expect(ledger.run([bad, good], 59_999)).toEqual(NOTHING);
    const [first, second] = [good, bad].map(({ id }) => value(submissionValueCodec, 'submission', id));
    expect(first).toMatchObject({ expires: TIME + 60_000, height: 1, first: 0, count: 1, code: null });
    expect(second).toMatchObject({
      height: 1,
      first: null,
      count: 0,
      code: 'wrong-prev',
      entry: 1,
      detail: null,
    });
  });

  it('forgets what expired before anything else, in order of expiry, then id', () => {
    const expiring = [9000, 5000, 7000, 5000, 5000, 12_000].map((expires, i) =>
      submission(chain, [entry(`s${i}`)], { expires: TIME + expires }),
    );
    ledger.run(expiring, 1000);
    const last = submission(chain, [entry('last')]);
    const { changes, dropped } = ledger.run([last, expiring[0]!], 9000);
    const [nine, ...five] = [0, 1, 3, 4].map(i => toHex(expiring[i]!.id));
    const seven = toHex(expiring[2]!.id);
    const deleted = changes.filter(([, bytes]) => bytes === null).map(([name]) => toHex(name.slice(-32)));
    expect(deleted).toEqual([...five.sort(), seven, nine]);
    expect(changes.slice(0, 5).every(([, bytes]) => bytes === null)).toBe(true);
    expect(dropped).toMatchObject([{ id: expiring[0]!.id, refusal: { code: 'expired' } }]);
    expect(
      ledger
        .remembered()
        .map(({ id }) => toHex(id))
        .sort(),
    ).toEqual([toHex(expiring[5]!.id), toHex(last.id)].sort());
  });
});

describe('a block', () => {
  it('reads each value once, however often it is used', () => {
    const seen = new Map<string, number>();
    const view = {
      value: (name: Uint8Array) => {
        seen.set(toHex(name), (seen.get(toHex(name)) ?? 0) + 1);
        return ledger.value(name);
      },
      expired: () => [],
    };
    const many = Array.from({ length: 1024 }, (_, i) => entry(`${i}`, { digest: digest(i % 7) }));
    const block = { header: header(chain, 1), firstIndex: 0, submissions: [submission(chain, many)] };
    const read = executeBlock(block, view, ledger);
    expect(read.leaves).toHaveLength(1024);
    expect(Math.max(...seen.values())).toBe(1);
    expect(seen.size).toBe(1024 + 7 + 3);
    const names = read.changes.map(([name]) => toHex(name));
    expect(new Set(names).size).toBe(names.length);
  });

  it('without submissions changes nothing', () => {
    expect(ledger.run([])).toEqual(NOTHING);
  });
});
