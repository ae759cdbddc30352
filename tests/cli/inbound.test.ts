import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { encode, genesisCodec } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serveSolo } from '../../packages/node/src/http/testing/served.ts';
import { PUBLISHER } from '../fixtures/builder.ts';
import { jointGenesis, publishJointly, SECOND, STRANGER } from '../fixtures/joint.ts';
import { Workplace } from './harness.ts';

const OLD = `policy/${PUBLISHER}/old`;

let node: Served;
let place: Workplace;
beforeAll(async () => {
  node = await serveSolo({}, undefined, jointGenesis());
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

const jointly = (id: string, named: readonly string[], more?: Parameters<typeof publishJointly>[3]) =>
  publishJointly(node, id, named, more);
const replacesOld = () => ({ rel: 'replaces', subject: { issuer: PUBLISHER, id: 'old' }, index: 1 });

const run = (...args: string[]) => place.inProcess([...args, '--node', node.url, '--max-age', '99999d']);
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
/** What the four commands say of the old document, which must be the same. */
async function linkedBy() {
  const { subjects } = await json('status', OLD);
  const past = await json('history', OLD);
  const verified = await json('verify', 'old.md');
  expect(past.subjects[0].linkedBy).toEqual(subjects[0].linkedBy);
  const reported = await json('report', 'old.md', '--out', 'old.html', '--force');
  expect(verified.standing.linkedBy).toEqual(subjects[0].linkedBy);
  expect(reported.standing.linkedBy).toEqual(subjects[0].linkedBy);
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

  it('ends it no sooner than on the day from which the other is in force', async () => {
    await jointly('later', [SECOND], { links: [replacesOld()], meta: [['effective', '9999-12-31']] });
    for (const command of [
      ['status', OLD],
      ['verify', 'old.md'],
    ]) {
      const told = await run(...command, '--in-force');
      expect([told.exit, told.stdout]).toEqual([0, expect.stringMatching(/“文件later” .*signed by all/)]);
    }
  });

  it('is a claim while the other still waits for issuers of its own', async () => {
    await publishJointly(node, 'single', []);
    const receipt = await node.ask(`/v1/records/${(node.service.ledger.head()?.size ?? 0) - 1}/receipt`);
    writeFileSync(place.path('single.md'), 'single');
    writeFileSync(place.path('single.md.tlog-proof'), await receipt.text());
    const index = (node.service.ledger.head()?.size ?? 0) - 1;
    const link = { rel: 'replaces', subject: { issuer: PUBLISHER, id: 'single' }, index };
    await jointly('waiting', [STRANGER], { links: [link], signing: [] });
    const waiting = await run('verify', 'single.md', '--in-force');
    expect([waiting.exit, waiting.stdout]).toEqual([
      0,
      expect.stringMatching(/a mere claim of .*not signed by 机构 91350100M/),
    ]);
    await jointly('issued', [STRANGER], { links: [link] });
    const { code, detail } = await json('verify', 'single.md', '--in-force');
    expect([code, detail]).toEqual(['not-in-force', expect.stringContaining('/issued, signed by all')]);
  });

  it('is said with authority where all its issuers signed, and comes first', async () => {
    const next = await jointly('next', [SECOND], { links: [replacesOld()] });
    const { links } = await linkedBy();
    expect(links).toHaveLength(5);
    expect(links[1]).toMatchObject({ index: next, signedByAll: true, unsigned: [], rel: 'replaces' });
    for (const command of [
      ['status', OLD, '--in-force'],
      ['status', 'old.md', '--in-force'],
      ['verify', 'old.md', '--in-force'],
    ]) {
      const { code, detail } = await json(...command);
      expect([code, detail]).toEqual([
        'not-in-force',
        expect.stringMatching(/^record \d+ of policy.*\/next, signed by all who issued it, replaces it$/),
      ]);
      const told = await run(...command);
      expect([told.exit, told.stdout + told.stderr]).toEqual([
        1,
        expect.stringContaining('it is not in force'),
      ]);
      expect(told.stdout).not.toContain('✓ policy');
    }
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
    const report = (lang: string) => readFileSync(place.path(`${lang}.html`), 'utf8');
    for (const lang of ['zh', 'en'])
      expect((await run('report', 'old.md', '--out', `${lang}.html`, '--lang', lang)).exit).toBe(0);
    expect(report('zh')).toMatch(/他处记载<.*称取代本标的：《文件next》.*各发文机关均已签署/);
    expect(report('zh')).toMatch(/《文件forged》.*单方主张/);
    expect(report('en')).toMatch(/said elsewhere<.*“文件next” .*signed by all who issued this/);
  });

  it('is told of a file and its subject alike, and not of what only cites', async () => {
    const link = { ...replacesOld(), rel: 'based-on' };
    await jointly('citing', [], { links: [link] });
    const { links } = await linkedBy();
    expect(links).toHaveLength(5);
    expect((await json('status', 'old.md')).subjects[0].linkedBy.links).toEqual(links);
  });
});
