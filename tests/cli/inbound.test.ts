import { mkdirSync, writeFileSync } from 'node:fs';
import { type Entry, encode, genesisCodec } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serveSolo } from '../../packages/node/src/http/testing/served.ts';
import { publisherKey } from '../../packages/node/src/http/testing/solo-node.ts';
import { PUBLISHER, testEntry, testGenesis } from '../fixtures/builder.ts';
import { Workplace } from './harness.ts';
import { seedProfile } from './publisher.ts';

const SECOND = '11430000006122244L';
const STRANGER = '91350100M000100Y43';
const OLD = `policy/${PUBLISHER}/old`;
const text = (name: string) => new TextEncoder().encode(name);

let node: Served;
let place: Workplace;
beforeAll(async () => {
  const genesis = testGenesis();
  const [first] = genesis.publishers;
  const others = [SECOND, STRANGER].map(id => ({
    ...first!,
    id,
    name: `机构 ${id}`,
    keys: [publisherKey(id).publicKey],
  }));
  const publishers = [first!, ...others].sort((a, b) => (a.id < b.id ? -1 : 1));
  node = await serveSolo({}, undefined, { ...genesis, publishers, profiles: [seedProfile('policy')] });
  place = new Workplace();
  mkdirSync(place.path('.qifeng'));
  writeFileSync(place.path('.qifeng/genesis.cbor'), encode(genesisCodec, node.service.chain.genesis));
  writeFileSync(place.path('old.md'), 'old');
  await jointly('old', [SECOND]);
  writeFileSync(place.path('old.md.tlog-proof'), await (await node.ask('/v1/records/0/receipt')).text());
});
afterAll(async () => {
  place.remove();
  await node.close();
});

const size = () => node.service.ledger.head()?.size ?? 0;
const replacesOld = () => ({ rel: 'replaces', subject: { issuer: PUBLISHER, id: 'old' }, index: 1 });

/** Publishes a document with these other issuers, of whom these sign it; the log index of its first record. */
async function jointly(
  id: string,
  named: readonly string[],
  {
    by = PUBLISHER,
    links = [],
    signing = named,
  }: Partial<Pick<Entry, 'links'>> & {
    readonly by?: string;
    readonly signing?: readonly string[];
  } = {},
): Promise<number> {
  const plain: Entry = { ...testEntry(id, text(id)), subject: { issuer: by, id } };
  const meta = new Map<string, string | string[]>([['title', `文件${id}`]]);
  if (named.length > 0) meta.set('issuers', [...named]);
  let prev = size();
  const index = prev;
  await node.seal(node.submission([{ ...plain, links, meta }], by));
  for (const signer of signing) {
    const signature: Entry = { ...plain, action: 'countersign', prev, meta: new Map() };
    prev = size();
    await node.seal(node.submission([signature], signer));
  }
  expect(size()).toBe(index + 1 + signing.length);
  return index;
}

const run = (...args: string[]) => place.inProcess([...args, '--node', node.url, '--max-age', '99999d']);
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
/** What the three commands say of the old document, which must be the same. */
async function linkedBy() {
  const { subjects } = await json('status', OLD);
  const past = await json('history', OLD);
  const verified = await json('verify', 'old.md');
  expect(past.subjects[0].linkedBy).toEqual(subjects[0].linkedBy);
  expect(verified.standing.linkedBy).toEqual(subjects[0].linkedBy);
  expect([subjects[0].verdict, verified.standing.verdict, verified.code]).toEqual([
    'in-force',
    'in-force',
    'verified',
  ]);
  return subjects[0].linkedBy as {
    complete: boolean;
    links: { index: number; signedByAll: boolean; unsigned: string[] }[];
  };
}

describe('what other records say of a joint document', () => {
  it('is nothing at first', async () => {
    expect(await linkedBy()).toEqual({ complete: true, links: [] });
  });

  it('is a claim of others where not all its issuers signed, and changes nothing', async () => {
    const forged = await jointly('forged', [], { by: STRANGER, links: [replacesOld()] });
    const alone = await jointly('alone', [SECOND], { links: [replacesOld()], signing: [] });
    const without = await jointly('without', [STRANGER], { links: [replacesOld()] });
    const { links } = await linkedBy();
    expect(links.map(({ index, signedByAll, unsigned }) => [index, signedByAll, unsigned])).toEqual([
      [alone, false, [SECOND]],
      [without, false, [SECOND]],
      [forged, false, [PUBLISHER, SECOND].sort()],
    ]);
    for (const command of [
      ['status', OLD, '--in-force'],
      ['history', OLD],
      ['verify', 'old.md', '--in-force'],
    ]) {
      const told = await run(...command);
      expect([told.exit, told.stderr]).toEqual([0, '']);
      expect(told.stdout).toMatch(/that it replaces this: “文件forged” .*a mere claim of 机构 91350100M/);
      expect(told.stdout).not.toContain('signed by all');
      expect((await run(...command, '--lang', 'zh')).stdout).toMatch(
        /称取代本标的：《文件forged》.*单方主张/,
      );
    }
  });

  it('is said with authority where all its issuers signed, and comes first', async () => {
    const next = await jointly('next', [SECOND], { links: [replacesOld()] });
    const { links } = await linkedBy();
    expect(links).toHaveLength(4);
    expect(links[0]).toMatchObject({ index: next, signedByAll: true, unsigned: [], rel: 'replaces' });
    for (const command of [
      ['status', OLD],
      ['history', OLD],
      ['verify', 'old.md'],
    ]) {
      const told = await run(...command);
      expect(told.exit).toBe(0);
      expect(told.stdout).toMatch(/“文件next” .*signed by all who issued this/);
      expect((await run(...command, '--lang', 'zh')).stdout).toMatch(/《文件next》.*各发文机关均已签署/);
    }
  });

  it('is told of a file and its subject alike, and not of what only cites', async () => {
    const link = { ...replacesOld(), rel: 'based-on' };
    await jointly('citing', [], { links: [link] });
    const { links } = await linkedBy();
    expect(links).toHaveLength(4);
    expect((await json('status', 'old.md')).subjects[0].linkedBy.links).toEqual(links);
  });
});
