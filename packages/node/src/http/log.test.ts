import {
  type Asked,
  decodeBundle,
  entriesPath,
  evaluatePolicy,
  logHash,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  portableSuite,
  ROUTES,
  readGenesis,
  rootOf,
  tilePath,
  toHex,
  verifyReceipt,
  verifyStatusProof,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLISHER, unwrap } from '../../../../tests/fixtures/builder.ts';
import { note, problemIn, readValue, type Served, serveSolo } from './testing/served.ts';

const SIZE = 260;
const { hasher, verifier } = nativeSuite;
const tree = logHash(hasher);

let node: Served;
let leaves: Uint8Array[];
beforeAll(async () => {
  node = await serveSolo();
  for (const from of [0, 130]) {
    const entries = Array.from({ length: SIZE / 2 }, (_, i) => note(`n${from + i}`));
    await node.seal(node.submission(entries));
  }
  leaves = Array.from({ length: SIZE }, (_, i) => node.service.ledger.leaf(i)!);
  // One more block, executed but not certified: nothing of it may be served as log.
  node.mood.certifies = false;
  await node.seal(node.submission([note('later')]));
  node.mood.certifies = true;
});
afterAll(() => node.close());

/** The hashes of a tile by the definition (tlog-tiles), or null where the certified log has none. */
function oracle(level: number, index: number, width: number): string | null {
  const span = 256 ** level;
  let hashes = '';
  for (let i = index * 256; i < index * 256 + width; i++) {
    if ((i + 1) * span > SIZE) return null;
    const under = leaves.slice(i * span, (i + 1) * span).map(leaf => tree.leaf(leaf));
    hashes += toHex(
      under.length === 1 ? under[0]! : rootOf(tree, Uint8Array.from(under.flatMap(hash => [...hash]))),
    );
  }
  return hashes;
}

describe('tiles', () => {
  const places = [0, 1, 2, 63].flatMap(level =>
    [0, 1, 2, 1_234_067].flatMap(index =>
      [1, 3, 4, 5, 255, 256].map(width => [level, index, width] as const),
    ),
  );

  it('are those of the certified log and no more', async () => {
    let served = 0;
    for (const [level, index, width] of places) {
      const response = await node.ask(`/${tilePath({ level, index, width })}`);
      const expected = oracle(level, index, width);
      if (expected === null) expect((await problemIn(response)).code).toBe('no-tile');
      else expect(toHex(new Uint8Array(await response.arrayBuffer()))).toBe(expected);
      if (expected !== null) served++;
    }
    expect(served).toBe(10);
  });

  it('of entries hold the leaves, compressed for whoever takes it', async () => {
    const full = await node.ask(`/${entriesPath(0, 256)}`, { headers: { 'accept-encoding': 'gzip' } });
    expect(full.headers.get('content-encoding')).toBe('gzip');
    expect(full.headers.get('vary')).toBe('accept-encoding');
    const plain = await node.ask(`/${entriesPath(1, 4)}`, { headers: { 'accept-encoding': 'gzip;q=0, br' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    const entries = [
      ...unwrap(decodeBundle(new Uint8Array(await full.arrayBuffer()), 256)),
      ...unwrap(decodeBundle(new Uint8Array(await plain.arrayBuffer()), 4)),
    ];
    expect(entries.map(toHex)).toEqual(leaves.map(toHex));
    expect((await problemIn(await node.ask(`/${entriesPath(1, 5)}`))).code).toBe('no-tile');
  });

  it.each([
    '0/0',
    '0/00',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/01',
    '00/000',
    '64/000',
    '0/x000/000',
    '0/000/',
    '0/-01',
    'entries/1',
    'entries/000/000',
    'x/000',
  ])('have one path each: not %s', async path => {
    expect((await problemIn(await node.ask(`/tile/${path}`))).code).toBe('bad-parameter');
  });
});

describe('the checkpoint', () => {
  it('is the last certified one and satisfies the policy that the node serves', async () => {
    const note = unwrap(
      parseNote((await readValue(ROUTES.checkpoint, 200, await node.ask('/checkpoint'))) as Uint8Array),
    );
    expect(unwrap(parseCheckpoint(note.text))).toMatchObject({ size: SIZE, height: 2 });
    const text = await readValue(ROUTES.policy, 200, await node.ask('/policy?epoch=0'));
    const policy = unwrap(parsePolicy(text as Uint8Array, hasher, verifier));
    expect(policy.logs).toHaveLength(4);
    expect(policy.witnesses.map(({ name }) => name)).toEqual(['110000', '120000', '130000', '140000']);
    expect(unwrap(evaluatePolicy(note, policy, verifier))).toMatchObject({ satisfied: true, unknown: [] });
    expect((await problemIn(await node.ask('/policy?epoch=1'))).code).toBe('no-epoch');
  });

  it('is not there before the first certificate', async () => {
    const fresh = await serveSolo();
    for (const path of ['/checkpoint', `/v1/subjects/note/${PUBLISHER}/n0/status-proof`])
      expect((await problemIn(await fresh.ask(path))).code).toBe('no-checkpoint');
    expect((await problemIn(await fresh.ask('/tile/0/000.p/1'))).code).toBe('no-tile');
    expect((await problemIn(await fresh.ask('/v1/blocks/latest'))).code).toBe('no-block');
    expect((await fresh.ask('/v1/network')).status).toBe(200);
    await fresh.close();
  });
});

describe('proofs', () => {
  const path = (id: string) => `/v1/subjects/note/${PUBLISHER}/${id}/status-proof`;

  it('of a standing hold at the last block, with the receipt at the same checkpoint', async () => {
    const early = await problemIn(await node.ask(path('n7')));
    expect(early).toMatchObject({ code: 'not-final', retryAfter: 1 });
    await node.certify(3);
    const genesis = await readValue(ROUTES.genesis, 200, await node.ask('/genesis.cbor'));
    const chain = unwrap(readGenesis(genesis as Uint8Array, portableSuite));
    const trust = { chain, suite: nativeSuite, fresh: null };
    const proven = async <A extends Asked>(asked: A, at: string) => {
      const bytes = await readValue(ROUTES.statusProof, 200, await node.ask(at));
      return unwrap(verifyStatusProof(bytes as Uint8Array, asked, trust));
    };
    const subject = (id: string) =>
      ({ kind: 'subject', profile: 'note', subject: { issuer: PUBLISHER, id } }) as const;
    const standing = await proven(subject('n7'), path('n7'));
    expect(standing).toMatchObject({
      value: { head: 7, version: 1 },
      last: { index: 7 },
      checkpoint: { height: 3 },
    });
    expect((await proven(subject('never'), path('never'))).value).toBeNull();

    const digest = standing.last!.leaf.entry.value.digest!;
    const documents = (hash: Uint8Array) => `/v1/documents/sha256:${toHex(hash)}/status-proof`;
    const recorded = await proven({ kind: 'digest', ...digest }, documents(digest.hash));
    expect(recorded).toMatchObject({
      value: { first: 0, last: SIZE, count: SIZE + 1 },
      last: { index: SIZE },
    });
    const hash = hasher.digest(digest.hash);
    const absent = await proven({ kind: 'digest', alg: 'sha256', hash }, documents(hash));
    expect(absent.value).toBeNull();

    const publisher = (id: string) => proven({ kind: 'publisher', id }, `/v1/publishers/${id}/status-proof`);
    expect((await publisher(PUBLISHER)).value).toMatchObject({ seq: SIZE + 1, head: SIZE });
    expect((await publisher('11430000006122244L')).value).toBeNull();
  });

  it('are given out as soon as the last block is signed', async () => {
    node.mood.certifies = false;
    const height = await node.seal(node.submission([note('waited for')]));
    node.mood.certifies = true;
    const asked = node.ask(path('waited for'));
    await node.certify(height);
    const bytes = await readValue(ROUTES.statusProof, 200, await asked);
    const subject = { issuer: PUBLISHER, id: 'waited for' };
    const trust = { chain: node.service.chain, suite: nativeSuite, fresh: null };
    const status = verifyStatusProof(
      bytes as Uint8Array,
      { kind: 'subject', profile: 'note', subject },
      trust,
    );
    expect(unwrap(status).checkpoint.height).toBe(height);
  });

  it('of a record are receipts at its own block’s checkpoint', async () => {
    const bytes = await readValue(ROUTES.receipt, 200, await node.ask('/v1/records/7/receipt'));
    const { chain } = node.service;
    const receipt = unwrap(verifyReceipt(bytes as Uint8Array, { chain, suite: nativeSuite, digests: null }));
    expect([receipt.index, receipt.checkpoint.height]).toEqual([7, 1]);
  });
});
