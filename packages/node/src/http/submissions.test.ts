import {
  decodeSubmission,
  MAX_SUBMISSION_BYTES,
  ROUTES,
  submissionFromJson,
  submissionToJson,
  toHex,
  toUtf8,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../../tests/fixtures/builder.ts';
import { note, problemIn, readValue, type Served, serveSolo } from './testing/served.ts';

const { hasher } = nativeSuite;

let node: Served;
beforeEach(async () => {
  node = await serveSolo();
});
afterEach(() => node.close());

const idOf = (wire: Uint8Array) => toHex(unwrap(decodeSubmission(wire, hasher)).id);

describe('a submission', () => {
  it('is queued, then pending, then recorded; the same bytes get the first outcome', async () => {
    const wire = node.submission([note('a'), note('b')]);
    const path = `/v1/submissions/${idOf(wire)}`;
    expect((await problemIn(await node.ask(path))).code).toBe('no-submission');
    expect(toHex((await readValue(ROUTES.submit, 202, await node.post(wire))).id)).toBe(idOf(wire));
    const pending = await readValue(ROUTES.submission, 200, await node.ask(path));
    expect(pending).toMatchObject({ status: 'pending', height: null, first: null });
    await node.seal();
    const recorded = await readValue(ROUTES.submission, 200, await node.ask(path));
    expect(recorded).toMatchObject({ status: 'recorded', height: 1, first: 0, count: 2, refusal: null });
    for (const query of ['', '?wait=final']) {
      const again = await readValue(ROUTES.submit, 200, await node.post(wire, query));
      expect([again.height, again.receipts.map(({ index }) => index)]).toEqual([1, [0, 1]]);
    }
  });

  it('is final with receipts that verify, in either form', async () => {
    const wire = node.submission([note('a'), note('b')]);
    const json = submissionToJson(unwrap(decodeSubmission(wire, hasher)));
    expect(toHex(unwrap(submissionFromJson(json)))).toBe(toHex(wire));
    const answers = [await node.post(json, '?wait=final'), await node.post(wire, '?wait=final')];
    for (const answer of answers) {
      const { id, receipts } = await readValue(ROUTES.submit, 200, answer);
      expect(toHex(id)).toBe(idOf(wire));
      for (const { index, proof } of receipts) {
        const options = { chain: node.service.chain, suite: nativeSuite, digests: null };
        expect(unwrap(verifyReceipt(toUtf8(proof), options)).index).toBe(index);
      }
    }
  });

  it('that is not final in time stays queued', async () => {
    node.mood.stuck = true;
    const wire = node.submission([note('a')]);
    const problem = await problemIn(await node.post(wire, '?wait=final'));
    expect(problem).toMatchObject({ code: 'not-final', status: 503, retryAfter: 5, id: idOf(wire) });
    node.mood.stuck = false;
    await node.seal();
    await readValue(ROUTES.submit, 200, await node.post(wire, '?wait=final'));
  });

  it('whose block has no signed checkpoint yet is not final', async () => {
    node.mood.certifies = false;
    const wire = node.submission([note('a')]);
    const problem = await problemIn(await node.post(wire, '?wait=final'));
    expect(problem).toMatchObject({ code: 'not-final', retryAfter: 1, id: idOf(wire) });
    expect((await problemIn(await node.ask('/v1/records/0/receipt'))).code).toBe('not-final');
    await readValue(ROUTES.submit, 202, await node.post(wire));
    await node.certify(1);
    await readValue(ROUTES.submit, 200, await node.post(wire));
  });
});

describe('a refused submission', () => {
  it.each([
    ['wrong-prev', 409, { prev: 9 }],
    ['action-not-allowed', 409, { action: 'close' }],
    ['unknown-action', 422, { action: 'fly' }],
    ['unknown-profile', 422, { profile: 'nowhere' }],
  ])('gets its code %s, status and entry, before and on the ledger', async (code, status, over) => {
    const entries = [note('good'), note('bad', over)];
    const early = await problemIn(await node.post(node.submission(entries)));
    expect(early).toMatchObject({ code, status, entry: 1, id: null });
    node.mood.careful = false;
    const wire = node.submission(entries);
    const late = await problemIn(await node.post(wire, '?wait=final'));
    expect(late).toMatchObject({ code, status, entry: 1, id: idOf(wire) });
    expect(late.detail).toBe(early.detail);
    const outcome = await readValue(ROUTES.submission, 200, await node.ask(`/v1/submissions/${idOf(wire)}`));
    expect(outcome).toMatchObject({ status: 'refused', refusal: { code, entry: 1 } });
  });

  it('says what is wrong with its bytes', async () => {
    const wire = node.submission([note('a')]);
    const flipped = wire.slice();
    // In the signature, which stands between header and entries.
    flipped[200]! ^= 1;
    const json = submissionToJson(unwrap(decodeSubmission(wire, hasher)));
    const over = `"meta":{"text":"${'x'.repeat(17 * 1024)}"}`;
    const cases: readonly (readonly [string, Uint8Array | string])[] = [
      ['cbor-truncated', wire.slice(0, -1)],
      ['cbor-trailing', Uint8Array.of(...wire, 0)],
      ['cbor-type', toUtf8('{}')],
      ['bad-signature', flipped],
      ['too-big', new Uint8Array(MAX_SUBMISSION_BYTES + 1)],
      ['too-big', new Uint8Array(MAX_SUBMISSION_BYTES + 2000)],
      ['too-big', ' '.repeat(4 * MAX_SUBMISSION_BYTES + 1)],
      ['malformed', ''],
      ['malformed', '{'],
      ['malformed', json.replace('"v":1', '"v":1,"v":1')],
      ['malformed', json.replace('"v":1', '"v":1,"__proto__":1')],
      ['malformed', json.replace('"v":1', '"v":1.0')],
      ['malformed', json.replace('"v":1', '"v":9007199254740993')],
      ['malformed', json.replace('"v":1', '"v":2')],
      ['malformed', json.replace('"count":1', '"count":2')],
      ['malformed', json.replace('"prev":null', '"prev":-1')],
      ['malformed', json.replace('"links":[],', '')],
      ['malformed', json.replace('"meta":{}', '"meta":{"A":1}')],
      ['malformed', json.replace('"meta":{}', over)],
      ['malformed', json.replace('"id":"a"', '"id":"\\ud800"')],
      ['bad-utf8', new Uint8Array([0xff])],
    ];
    for (const [code, body] of cases) {
      const type = code === 'bad-utf8' || typeof body === 'string' ? 'application/json' : 'application/cbor';
      expect((await problemIn(await node.post(body, '', type))).code).toBe(code);
    }
  });
});
