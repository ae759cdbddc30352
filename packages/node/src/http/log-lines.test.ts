import {
  encode,
  genesisCodec,
  parseNote,
  ROUTES,
  toUtf8,
  verifyReceipt,
  verifyStatusProof,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER, unwrap } from '../../../../tests/fixtures/builder.ts';
import { check } from '../../../../tests/independent/checker.mjs';
import { note, problemIn, readValue, type Served, serveSolo } from './testing/served.ts';

let node: Served;
beforeEach(async () => {
  node = await serveSolo({}, '530100');
});
afterEach(() => node.close());

const statusPath = (id: string) => `/v1/subjects/note/${PUBLISHER}/${id}/status-proof`;
const trust = () => ({ chain: node.service.chain, suite: nativeSuite });
const verified = (receipt: Uint8Array) => unwrap(verifyReceipt(receipt, { ...trust(), digests: null }));

describe('an observer', () => {
  it('gives receipts with the log line of a validator, which verify as any do', async () => {
    await node.seal(node.submission([note('a'), note('b')]));
    await node.seal(node.submission([note('c')]));
    const genesis = encode(genesisCodec, node.service.chain.genesis);
    for (const index of [0, 1, 2]) {
      const path = `/v1/records/${index}/receipt`;
      const receipt = (await readValue(ROUTES.receipt, 200, await node.ask(path))) as Uint8Array;
      expect(verified(receipt).index).toBe(index);
      expect(check({ receipt, genesis }).problems).toEqual([]);
    }
    const wire = node.submission([note('d'), note('e')]);
    const { receipts } = await readValue(ROUTES.submit, 200, await node.post(wire, '?wait=final'));
    expect(receipts.map(({ proof }) => verified(toUtf8(proof)).index)).toEqual([3, 4]);
  });

  it('gives the last checkpoint, and what is proven by it, present or not', async () => {
    await node.seal(node.submission([note('a')]));
    await node.seal(node.submission([note('b')]));
    const bytes = await readValue(ROUTES.checkpoint, 200, await node.ask('/checkpoint'));
    expect(unwrap(parseNote(bytes as Uint8Array)).signatures).toHaveLength(4);
    for (const [id, index] of [
      ['a', 0],
      ['b', 1],
      ['never', null],
    ] as const) {
      const proof = await readValue(ROUTES.statusProof, 200, await node.ask(statusPath(id)));
      const asked = { kind: 'subject', profile: 'note', subject: { issuer: PUBLISHER, id } } as const;
      const status = unwrap(verifyStatusProof(proof as Uint8Array, asked, { ...trust(), fresh: null }));
      expect([status.checkpoint.height, status.last?.index ?? null]).toEqual([2, index]);
    }
  });

  it('serves what it kept when no validator signs any more, and of the rest says to ask again', async () => {
    await node.seal(node.submission([note('a')]));
    await node.seal(node.submission([note('b')]));
    expect((await node.ask('/v1/records/0/receipt')).status).toBe(200);
    for (const others of ['refuse', 'lie'] as const) {
      node.mood.others = others;
      expect((await node.ask('/v1/records/0/receipt')).status).toBe(200);
      for (const path of ['/v1/records/1/receipt', '/checkpoint', statusPath('b'), statusPath('never')]) {
        const problem = await problemIn(await node.ask(path));
        expect(problem).toMatchObject({ code: 'no-log-key', status: 503, retryAfter: 2 });
      }
    }
    const wire = node.submission([note('c')]);
    expect((await problemIn(await node.post(wire, '?wait=final'))).code).toBe('no-log-key');
    node.mood.others = 'sign';
    for (const path of ['/v1/records/1/receipt', '/checkpoint', statusPath('b')])
      expect((await node.ask(path)).status).toBe(200);
    const { receipts } = await readValue(ROUTES.submit, 200, await node.post(wire, '?wait=final'));
    expect(receipts.map(({ index }) => index)).toEqual([2]);
  });
});
