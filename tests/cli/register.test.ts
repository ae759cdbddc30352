import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import {
  definitionEntry,
  type Entry,
  type Profile,
  profileFromJson,
  type SubmissionDraft,
  signSubmission,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PinFolder } from '../../packages/client/src/register/pins.ts';
import { Register } from '../../packages/client/src/register/register.ts';
import { NodeClient } from '../../packages/client/src/sdk/client.ts';
import { PUBLISHER, testGenesis, testKey, unwrap } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

const POLICY = unwrap(
  profileFromJson(readFileSync(new URL('../../seeds/profiles/policy.json', import.meta.url), 'utf8')),
);
/** The profile of the demo records under another title, in some version. */
const memo = (version: number, name = 'policy'): Profile => ({
  ...POLICY,
  ...{ name, version, title: { zh: `备忘录 ${version}`, en: `Memorandum ${version}` } },
});

let us: Publisher;
let nonce = 0;
beforeEach(async () => {
  us = await Publisher.make();
  expect((await run('stamp', 'paper.md', '--subject', 'S')).exit).toBe(0);
});
afterEach(() => us.remove());

const run = (...args: string[]) => us.place.inProcess(args);
const record = (entry: Entry): void => {
  const now = Date.now();
  const draft: SubmissionDraft = {
    genesis: us.ledger.chain.hash,
    publisher: PUBLISHER,
    nonce: new Uint8Array(16).fill(++nonce),
    issuedAt: now,
    expires: now + 60_000,
    entries: [entry],
  };
  const { outcome } = us.ledger.take(signSubmission(draft, testKey('publisher'), nativeSuite.hasher));
  expect(outcome).toMatchObject({ count: 1 });
};
const define = (profile: Profile): void =>
  record(definitionEntry({ v: 1, epoch: 0, carrier: PUBLISHER, profile }, []));
const pinned = () => us.place.path('.qifeng/registered/profile-policy.tlog-proof');

describe('a profile that the genesis does not hold', () => {
  it('is never in the way: offline its names stand for its titles, and this is said', async () => {
    for (const [lang, said] of [
      ['en', 'not in the genesis, so that its title'],
      ['zh', '不在创世文件中，其名称'],
    ] as const) {
      const { exit, stdout } = await run('verify', 'paper.md', '--offline', '--lang', lang);
      expect([exit, stdout]).toEqual([0, expect.stringContaining(said)]);
      expect(stdout).toContain('policy · publish');
    }
    const info = await run('info', 'paper.md.tlog-proof');
    expect([info.exit, info.stdout]).toEqual([0, expect.stringContaining('not in the genesis')]);
    expect(
      JSON.parse((await run('verify', 'paper.md', '--offline', '--json')).stdout).record.definition,
    ).toBeNull();
  });

  it('is proven by the record that registered it, pinned, and known offline from then on', async () => {
    define(memo(1));
    const title = 'Memorandum 1 · Publish';
    for (const args of [
      ['verify', 'paper.md'],
      ['history', `policy/${PUBLISHER}/S`],
    ])
      expect((await run(...args)).stdout).toContain(title);
    const { stdout } = await run('status', 'paper.md');
    expect(stdout).toContain('policy: not in the genesis; version 1, as record 1 registered it');
    expect(stdout).toContain('In force');
    await us.server.stop();
    for (const args of [
      ['verify', 'paper.md', '--offline'],
      ['info', 'paper.md.tlog-proof'],
    ])
      expect((await run(...args)).stdout).toContain(title);
    expect((await run('report', 'paper.md', '--out', 'r.html', '--offline')).exit).toBe(0);
    expect(readFileSync(us.place.path('r.html'), 'utf8')).toContain('依第 1 号记录登记的第 1 版');
    // A pin is judged whenever it is read: damaged, it says nothing.
    const receipt = readFileSync(pinned(), 'utf8');
    writeFileSync(pinned(), receipt.replace(/\n[A-Za-z0-9]/, '\n!'));
    expect((await run('verify', 'paper.md', '--offline')).stdout).toContain('policy · publish');
  });

  it('is known in its newest version, also after a pin of one before', async () => {
    define(memo(1));
    expect((await run('verify', 'paper.md')).stdout).toContain('Memorandum 1 ·');
    define(memo(2));
    define(memo(7, 'policy-memo'));
    const { record } = JSON.parse((await run('verify', 'paper.md', '--json')).stdout);
    expect(record.definition).toEqual({ version: 2, record: 2, title: memo(2).title });
    expect((await run('verify', 'paper.md', '--offline')).stdout).toContain('Memorandum 2 ·');
    // A node that shows an older version makes nobody forget the newer one.
    const where = us.ledger.where.bind(us.ledger);
    us.ledger.where = test => where(test).filter(index => index < 2);
    for (const more of [[], ['--offline']])
      expect((await run('verify', 'paper.md', ...more)).stdout).toContain('Memorandum 2 ·');
  });

  it('is not what another record says, nor what a node makes up', async () => {
    const { meta } = definitionEntry({ v: 1, epoch: 0, carrier: PUBLISHER, profile: memo(3) }, []);
    const subject = { issuer: PUBLISHER, id: 'profile policy 3' };
    const bare = { digest: null, prev: null, links: [], meta, origin: null };
    record({ ...bare, profile: 'governance', action: 'admit-members', subject });
    expect((await run('verify', 'paper.md')).stdout).toContain('policy · publish');
    record({
      ...bare,
      profile: 'governance',
      action: 'define-profile',
      subject: { ...subject, id: 'profile policy 4' },
      meta: new Map(),
    });
    expect((await run('verify', 'paper.md')).stdout).toContain('policy · publish');
    define(memo(5));
    us.ledger.lies = true;
    const { exit, stdout } = await run('verify', 'paper.md');
    expect([exit, stdout]).toEqual([0, expect.stringContaining('policy · publish')]);
    expect(existsSync(pinned())).toBe(false);
  });

  it('gives its fields their types where records are made under it', async () => {
    const [publish, ...others] = POLICY.actions;
    const pages = {
      name: 'pages',
      title: { zh: '页', en: 'Pages' },
      type: 'integer',
      max: 0,
      required: false,
    } as const;
    define({
      ...memo(1, 'memo'),
      actions: [{ ...publish!, fields: [...publish!.fields, pages] }, ...others],
    });
    us.write('new.md');
    expect((await run('stamp', 'new.md', '--profile', 'memo', '--meta', 'pages=3')).exit).toBe(0);
    expect(us.ledger.leaves.at(-1)!.leaf.entry.value.meta.get('pages')).toBe(3);
    const wrong = await run('stamp', 'new.md', '--profile', 'memo', '--action', 'book');
    expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringContaining('no action book')]);
  });
});

describe('a state that only a newer version of its profile has', () => {
  const frozen = { name: 'after-freeze', title: { zh: '冻结', en: 'Frozen' }, standing: 'in-force' } as const;
  const newer: Profile = { ...memo(2), states: [...POLICY.states, frozen] };

  it('is not judged without that version, by nobody else otherwise, and in force with it', async () => {
    await us.remove();
    us = await Publisher.make({ ...testGenesis(), profiles: [POLICY] });
    expect((await run('stamp', 'paper.md', '--subject', 'S', '--meta', 'title=x')).exit).toBe(0);
    const { value } = us.ledger.leaves[0]!.leaf.entry;
    record({ ...value, action: 'freeze', prev: 0, meta: new Map() });
    expect((await run('status', `policy/${PUBLISHER}/S`, '--save')).exit).toBe(0);
    const saved = us.place.path('saved.status-proof');
    renameSync(
      us.place.path(readdirSync(us.place.folder).find(name => name.endsWith('.status-proof'))!),
      saved,
    );
    const judged = async (...more: string[]) => {
      const asked = ['verify', 'paper.md', '--in-force', '--json', ...more];
      const { exit, stdout } = await run(...asked);
      return [exit, JSON.parse(stdout).code];
    };
    const offline = ['--status-proof', saved];
    expect(await judged()).toEqual([1, 'state-unknown']);
    expect(await judged(...offline)).toEqual([1, 'state-unknown']);
    for (const [lang, words] of [
      ['en', 'policy: version 1, the newest that is known here, has no state “after-freeze”'],
      ['zh', 'policy：此处所知最新的第 1 版没有状态“after-freeze”，应另有新版'],
    ] as const)
      expect((await run('verify', 'paper.md', ...offline, '--lang', lang)).stdout).toContain(words);
    expect((await run('verify', 'paper.md', '--in-force')).stdout).toContain('--node URL');
    define(newer);
    expect(await judged()).toEqual([0, 'verified']);
    expect(await judged(...offline)).toEqual([0, 'verified']);
    expect((await run('verify', 'paper.md', ...offline)).stdout).not.toContain('newest that is known');
  });
});

describe('a publisher that the genesis does not enrol', () => {
  it('is called what its status proof says, from then on without a node', async () => {
    const { genesis } = us.ledger.chain;
    const chain = { ...us.ledger.chain, genesis: { ...genesis, publishers: [] } };
    const pins = new PinFolder(us.place.path('.qifeng'));
    const client = new NodeClient({ nodes: [us.server.url] });
    const wanted = { profiles: [], publishers: [PUBLISHER, '11430000006122244L', 'x/../../y'] };
    const online = new Register(chain, nativeSuite, pins);
    await online.learn(wanted, null);
    expect(online.publisher(PUBLISHER)).toBeNull();
    await online.learn(wanted, client);
    await us.server.stop();
    const offline = new Register(chain, nativeSuite, pins);
    await offline.learn(wanted, null);
    for (const known of [online, offline]) {
      expect(wanted.publishers.map(known.publisher)).toEqual(['演示发布机构', null, null]);
      expect(wanted.publishers.map(known.home)).toEqual([genesis.publishers[0]!.home, null, null]);
    }
    const nowhere = new Register(chain, nativeSuite, new PinFolder(us.place.path('nowhere')));
    await nowhere.learn(wanted, client);
    expect([nowhere.publisher(PUBLISHER), existsSync(us.place.path('nowhere'))]).toEqual([null, false]);
  });
});
