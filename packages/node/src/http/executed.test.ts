import { bodyPlaceParam, equalBytes, ROUTES, requestPath, signedBytes, toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TIME } from '../../../../tests/fixtures/builder.ts';
import { executedFrom } from '../engine/executed.ts';
import { note, problemIn, readValue, type Served, serveSolo } from './testing/served.ts';

const { hasher } = nativeSuite;
/** What each of the blocks below makes of its submissions. */
const MADE = ['1 recorded', '1 wrong-prev', '3 recorded', '3 recorded', '3 action-not-allowed', '5 recorded'];

let node: Served;
beforeAll(async () => {
  node = await serveSolo();
  const first = node.submission([note('a'), note('b')]);
  await node.seal(first, node.submission([note('c', { prev: 7 })]));
  await node.seal();
  // A repeat of one of an earlier block leaves no trace, and none of its own block's.
  const second = node.submission([note('d')]);
  await node.seal(first, second, second, node.submission([note('a', { prev: 0 })]));
  await node.seal();
  await node.seal(node.submission([note('e')]));
  await node.seal();
});
afterAll(() => node.close());

async function page(from?: string, limit?: number) {
  const place = from === undefined ? {} : { from: bodyPlaceParam.parse(from)! };
  const path = requestPath(ROUTES.executed, {}, { ...place, ...(limit !== undefined && { limit }) });
  return readValue(ROUTES.executed, 200, await node.ask(path));
}
type Item = Awaited<ReturnType<typeof page>>['submissions'][number];
const short = ({ height, refused }: Item) => `${height} ${refused?.code ?? 'recorded'}`;

describe('what blocks made of their submissions', () => {
  it('is told in the order of execution, however long the pages are', async () => {
    expect((await page()).submissions.map(short)).toEqual(MADE);
    for (const limit of [1, 2, 3, 4]) {
      const found: string[] = [];
      for (let from: string | null = '1.0'; from !== null; ) {
        const { submissions, next }: Awaited<ReturnType<typeof page>> = await page(from, limit);
        expect(submissions.length).toBeLessThanOrEqual(limit);
        found.push(...submissions.map(short));
        from = next;
      }
      expect(found).toEqual(MADE);
    }
  });

  it('goes on where the last page ended, when there are more blocks', async () => {
    expect(await page('6.0')).toEqual({ submissions: [], next: null });
    expect(await page('99.0')).toEqual({ submissions: [], next: null });
  });

  it('shows what was signed of those recorded, and of the refused nothing but what is remembered', async () => {
    const { submissions } = await page();
    for (const { id, recorded, refused } of submissions) {
      expect((recorded === null) !== (refused === null)).toBe(true);
      if (recorded !== null) expect(equalBytes(hasher.digest(signedBytes(recorded.header)), id)).toBe(true);
    }
    expect(submissions[1]!.refused).toEqual({ expires: TIME + 60_000, code: 'wrong-prev', entry: 0 });
  });

  it('takes only whole places', async () => {
    for (const from of ['1', '1.', '.1', '1.0.0', '01.0', '1.-1', 'x.y', '1.0x'])
      expect((await problemIn(await node.ask(`/v1/executed?from=${from}`))).code).toBe('bad-parameter');
  });

  it('looks at 1,024 blocks for a page, and goes on from there', () => {
    const { header } = node.service.ledger.head()!;
    const empty = {
      head: () => ({ header: { ...header, height: 3000 } }) as never,
      header: (height: number) => ({ ...header, height, batches: [] }),
      batch: () => null,
      outcome: () => null,
    };
    const places: string[] = [];
    for (let place: { height: number; position: number } | null = { height: 1, position: 0 }; place; ) {
      places.push(bodyPlaceParam.format(place));
      place = executedFrom(empty, hasher, place, 10).next;
    }
    expect(places).toEqual(['1.0', '1025.0', '2049.0']);
  });

  it('shows one that stands twice in a block under one id', async () => {
    const { submissions } = await page('3.0');
    const twice = submissions.filter(({ height }) => height === 3).map(({ id }) => toHex(id));
    expect([twice.length, new Set(twice).size]).toEqual([3, 2]);
  });
});
