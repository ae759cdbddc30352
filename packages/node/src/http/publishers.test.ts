import { encode, publisherValueCodec, stateName } from '@qifeng/core';
import { expect, it } from 'vitest';
import type { NodeService } from '../ports/node-service.ts';
import { ledgerHandlers } from './handlers/ledger.ts';

const COUNT = 4_500;
const idOf = (i: number) => `9162${String(i).padStart(14, '0')}`;
/** Every thousandth is of 甘肃; how many values were read. */
const reads = { count: 0 };
function* stateOfKind(_: string, after?: Uint8Array) {
  for (let i = 0; i < COUNT; i++) {
    const name = stateName('publisher', idOf(i));
    if (after !== undefined && Buffer.compare(name, after) <= 0) continue;
    reads.count++;
    const called = i % 1000 === 0 ? `演示ＧＳ甘肃企业 ${i}` : `演示企业 ${i}`;
    const rest = { keys: [new Uint8Array(32)], status: 'active', roles: [], quota: 0 } as const;
    const value = {
      name: called,
      home: '620000',
      ...rest,
      day: 0,
      used: 0,
      seq: 0,
      head: null,
      changed: null,
    };
    yield [name, encode(publisherValueCodec, value)] as const;
  }
}
const service = { ledger: { stateOfKind } } as unknown as NodeService;
const ask = (query: { readonly name?: string; readonly after?: string; readonly limit?: number }) => {
  reads.count = 0;
  const call = { query, params: {}, body: null } as unknown as Parameters<
    ReturnType<typeof ledgerHandlers>['publishers']
  >[0];
  const { value } = ledgerHandlers(service).publishers(call) as {
    readonly value: { readonly publishers: readonly { readonly id: string }[]; readonly next: string | null };
  };
  return { ids: value.publishers.map(({ id }) => id), next: value.next, reads: reads.count };
};

it('finds publishers by what they are called, page by page, none of which costs much', () => {
  const found: string[] = [];
  let pages = 0;
  for (let after: string | undefined; ; pages++) {
    const page = ask({ name: 'gs甘肃', ...(after !== undefined && { after }) });
    found.push(...page.ids);
    expect(page.reads).toBeLessThanOrEqual(2_001);
    if (page.next === null) break;
    after = page.next;
  }
  expect([found, pages]).toEqual([[0, 1000, 2000, 3000, 4000].map(idOf), 2]);
  expect(ask({ name: '甘肃', limit: 2 })).toMatchObject({ ids: [idOf(0), idOf(1000)], next: idOf(1000) });
  expect(ask({ limit: 2 })).toEqual({ ids: [idOf(0), idOf(1)], next: idOf(1), reads: 3 });
  expect(ask({ after: idOf(COUNT - 3), limit: 2 })).toMatchObject({
    ids: [idOf(4498), idOf(4499)],
    next: null,
  });
});
