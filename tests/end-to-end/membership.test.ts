import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { decode, parseReceipt, readGenesis, statusProofCodec, verifyReceipt } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { unwrap } from '../fixtures/builder.ts';
import { FormerMembers, STALLED, takenIn } from './former-members.ts';
import { freePort, Network, until } from './network.ts';
import { Publisher } from './publisher.ts';

const PATIENCE = 180_000;
/** The member that comes from a home of its own. */
const NEWCOMER = '650000';
/** Nodes from this one on leave in the end; the one before them tells them what is proposed. */
const LEAVING = 4;
/** Ms in which nothing may become final while a quorum is lacking, after as many for what was decided before. */
const STILL_MS = 2_500;
const network = new Network();
let publisher: Publisher;
let loading = true;
let load: Promise<void>;
let former: FormerMembers | undefined;

interface Members {
  readonly epoch: number;
  readonly members: readonly { readonly code: string; readonly key: string | null }[];
}
interface Step {
  readonly epoch: number;
  readonly validators: readonly string[];
}

const members = (node: number): Promise<Members> => network.json<Members>(node, '/v1/members');
const validators = async (node: number): Promise<readonly string[]> =>
  (await members(node)).members.filter(({ key }) => key !== null).map(({ code }) => code);

/** Brings the network to so many validators while records go on; the epochs that began. */
async function resize(count: number): Promise<readonly Step[]> {
  const done = await network.whileRunning('qifeng-node', 'cluster', 'resize', String(count), '--json');
  if (done.code !== 0) throw new Error(`${done.code} ${done.out} ${done.err}\n${network.logs()}`);
  return JSON.parse(done.out) as Step[];
}

/** Members that cosigned the last checkpoint of a node. */
async function cosigners(node: number): Promise<readonly string[]> {
  const note = await network.text(node, '/checkpoint');
  return [...note.matchAll(/^— \S+\/(\d{6}) /gm)].map(([, code]) => code!);
}

// Views fail on the way, each longer than the one before.
describe('a network whose members change while records go on', { timeout: 400_000 }, () => {
  beforeAll(() => {
    network.up();
    publisher = new Publisher(network);
    load = (async () => {
      for (let i = 0; loading; i++) {
        await publisher.publish(i % 3).catch(() => {});
        await pause(20);
      }
    })();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  afterAll(async () => {
    loading = false;
    await load;
    await former?.end();
    network.end();
  });

  it('lets a member of another home in by its own commands, and out again', async () => {
    const [home, genesis] = [join(network.home, 'elsewhere'), join(network.home, 'genesis.cbor')];
    const [http, p2p] = [await freePort(), await freePort()];
    const at = network.nodes[0]!.url;
    const file = (name: string): string => join(network.home, name);
    const command = async (...args: readonly string[]): Promise<string> => {
      const { code, out, err } = await network.whileRunning('qifeng-node', ...args);
      expect(code, `${args.join(' ')}\n${err}\n${network.logs()}`).toBe(0);
      return out;
    };
    const propose = ['members', 'propose', '--node', at, '--genesis', genesis];
    /** A quorum of the first four approves, each in a copy of its own; the publisher records it. */
    const decide = async (name: string, q: number, ...what: readonly string[]): Promise<void> => {
      await command(...propose, '--out', file(name), ...what);
      const copies = Array.from({ length: q }, (_, i) => file(`${name} ${i}`));
      for (const [i, copy] of copies.entries()) {
        copyFileSync(file(name), copy);
        await command('members', 'approve', copy, '--home', network.nodes[i]!.home);
      }
      const key = join(network.home, 'keys', `${publisher.id}.pem`);
      const submit = ['members', 'submit', '--node', at, '--genesis', genesis, '--key', key];
      const few = await network.whileRunning('qifeng-node', ...submit, ...copies.slice(1));
      expect([few.code, few.err]).toEqual([
        2,
        expect.stringContaining(`${q - 1} valid approvals of the ${q}`),
      ]);
      await command(...submit, ...copies);
    };
    // Its keys are encrypted, as by a service that is handed the passphrase in a file.
    writeFileSync(file('passphrase'), 'a passphrase of its own\n', { mode: 0o600 });
    vi.stubEnv('QIFENG_NODE_PASSPHRASE_FILE', file('passphrase'));
    await command(
      'init',
      '--member',
      NEWCOMER,
      '--home',
      home,
      '--http-port',
      `${http}`,
      '--p2p-port',
      `${p2p}`,
    );
    expect(readFileSync(join(home, 'keys', 'validator.pem'), 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
    await command('observer', '--home', home, '--genesis', genesis, '--out', file('contact'));
    await decide('admission', 3, '--admit', file('contact'), '--carrier', publisher.id);
    const process = network.start('qifeng-node', 'start', '--home', home);
    const standing = async () =>
      (await (await fetch(`http://127.0.0.1:${http}/v1/network`)).json()) as {
        ready: boolean;
        votes: boolean;
      };
    await until(async () => (await standing()).ready, 'the newcomer follows', PATIENCE);
    expect((await standing()).votes).toBe(false);
    await command('join', '--home', home, '--out', file('request'));
    await command(...propose, '--out', file('forged'), '--add', file('request'));
    // The last byte but one is of the newcomer's signature over what it holds: without it nobody honest approves.
    const forged = readFileSync(file('forged'));
    forged[forged.length - 2]! ^= 1;
    writeFileSync(file('forged'), forged);
    const refused = await network.whileRunning(
      'qifeng-node',
      'members',
      'approve',
      file('forged'),
      '--home',
      network.nodes[0]!.home,
    );
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(`${NEWCOMER} has not proven`)]);
    await decide('change', 3, '--add', file('request'));
    await until(async () => (await standing()).votes, 'the newcomer votes', PATIENCE);
    expect(await validators(0)).toHaveLength(5);
    const before = publisher.acknowledged.length;
    network.kill(network.nodes[3]!.member);
    await until(async () => (await cosigners(0)).includes(NEWCOMER), 'it is needed and cosigns', PATIENCE);
    await until(() => publisher.acknowledged.length > before + 3, 'records go on', PATIENCE);
    network.must('qifeng-node', 'cluster', 'start', '4');
    await decide('removal', 4, '--remove', NEWCOMER);
    await until(async () => !(await standing()).votes, 'it votes no longer', PATIENCE);
    process.kill();
    expect(await validators(0)).toHaveLength(4);
    // What was approved for one epoch is worth nothing in the next.
    const late = await network.whileRunning(
      'qifeng-node',
      'members',
      'approve',
      file('change'),
      '--home',
      network.nodes[0]!.home,
    );
    expect([late.code, late.err]).toEqual([2, expect.stringContaining('epoch 2 is current')]);
  });

  it('grows from four to seven, no more at a time than may fail, each newcomer caught up before it votes', async () => {
    // A node with less patience than seven on one machine need is started again with enough.
    const config = join(network.nodes[1]!.home, 'config.toml');
    appendFileSync(config, '[consensus]\ntimeout = 500\n');
    const pids = () => network.nodes.slice(0, 4).map(({ pid }) => pid);
    const before = pids();
    const steps = await resize(7);
    expect(readFileSync(config, 'utf8')).not.toContain('timeout');
    expect(pids().map((pid, i) => pid === before[i])).toEqual([true, false, true, true]);
    expect(steps.map(({ epoch }) => epoch)).toEqual([3, 4, 5]);
    expect(steps.map(({ validators: set }) => set.length)).toEqual([5, 6, 7]);
    await until(
      async () => (await members(6)).epoch === 5,
      'the newest member is in the newest epoch',
      PATIENCE,
    );
    const codes = network.nodes.map(({ member }) => member);
    expect(await validators(6)).toEqual(codes);
  });

  it('needs the newcomers: with two of the first four gone, and only so, the seven make records final', async () => {
    const before = publisher.acknowledged.length;
    for (const gone of [2, 3]) network.kill(network.nodes[gone]!.member);
    await until(() => publisher.acknowledged.length > before + 5, 'records go on', PATIENCE);
    await until(async () => (await cosigners(0)).length === 5, 'five cosign', PATIENCE);
    expect(await cosigners(0)).not.toContain(network.nodes[2]!.member);
    for (const gone of [3, 4]) network.must('qifeng-node', 'cluster', 'start', String(gone));
  });

  it('takes back a member whose disk and memory are lost, with new keys and not before', async () => {
    const lost = network.nodes[3]!;
    network.must('qifeng-node', 'cluster', 'stop', '4');
    for (const part of ['db', 'wal', 'keys/guard']) rmSync(join(lost.home, part), { recursive: true });
    network.must('qifeng-node', 'cluster', 'start', '4');
    expect(network.logs()).toContain('"event":"amnesia"');
    const key = async () => (await members(0)).members.find(({ code }) => code === lost.member)!.key;
    const [before, epoch] = [await key(), (await members(0)).epoch];
    const rekeyed = await network.whileRunning('qifeng-node', 'cluster', 'rekey', '4', '--json');
    expect(rekeyed.code, rekeyed.err).toBe(0);
    expect((await members(0)).epoch).toBe(epoch + 1);
    expect(await key()).not.toBe(before);
    for (const gone of [1, 2]) network.kill(network.nodes[gone]!.member);
    await until(async () => (await cosigners(0)).includes(lost.member), 'it cosigns again', PATIENCE);
    for (const gone of [2, 3]) network.must('qifeng-node', 'cluster', 'start', String(gone));
  });

  it('shrinks back to four, and who left has no key that voted', async () => {
    former = new FormerMembers(network, network.nodes.slice(LEAVING), network.nodes[LEAVING - 1]!);
    const voted = network.nodes.map(({ home }) => readFileSync(join(home, 'keys', 'validator.pem'), 'utf8'));
    const steps = await resize(LEAVING);
    const stayed = network.nodes.slice(0, LEAVING).map(({ member }) => member);
    expect(steps.at(-1)!.validators).toEqual(stayed);
    const kept = network.nodes.map(
      ({ home }, i) => readFileSync(join(home, 'keys', 'validator.pem'), 'utf8') === voted[i],
    );
    expect(kept, 'keys that voted, erased where the member left').toEqual(kept.map((_, i) => i < LEAVING));
  });

  it('counts no vote of who left, though three kept their keys and lack one voice to make records final', async () => {
    const [teller, liars] = [`${LEAVING}`, former!];
    const codes = network.nodes.map(({ member }) => member);
    const { epoch } = await members(0);
    network.must('qifeng-node', 'cluster', 'stop', teller);
    liars.start();
    await liars.untilHeard(epoch, codes.slice(0, LEAVING));
    const before = publisher.acknowledged.length;
    await until(() => publisher.acknowledged.length > before + 5, 'records go on', PATIENCE);
    for (const node of [0, 1, 2]) expect(await takenIn(network, node)).toEqual([]);
    for (const code of await cosigners(0)) expect(codes.slice(0, LEAVING)).toContain(code);

    // Who leads stays, so that a block is proposed for which a voice lacks; the teller votes as it should.
    const { leader } = await network.json<{ leader: string }>(0, '/v1/network');
    const survivor = Math.max(0, codes.slice(0, LEAVING - 1).indexOf(leader));
    const killed = [0, 1, 2].filter(node => node !== survivor);
    for (const node of killed) network.kill(codes[node]!);
    // What was decided before may still become final; what comes from now on may not.
    let late: number | null = null;
    const waiting = publisher.publish(survivor).then(
      ({ status }) => (late = status),
      () => {},
    );
    await pause(STILL_MS);
    const final = async () => (await network.json<{ final: number }>(survivor, '/v1/network')).final;
    const height = await final();
    await liars.untilHeard(epoch, [codes[survivor]!, codes[LEAVING - 1]!], STALLED);
    await pause(STILL_MS);
    expect(late, 'two of four gone and three that left lying: a record is final').not.toBe(200);
    expect(await final(), 'final height').toBe(height);
    expect(await takenIn(network, survivor)).toEqual([]);
    const [acknowledged, { lies, told }] = [publisher.acknowledged.length, liars.counts];
    network.must('qifeng-node', 'cluster', 'start', codes[killed[0]!]!);
    await until(() => publisher.acknowledged.length > acknowledged + 5, 'records go on', PATIENCE);
    await waiting;
    await liars.end();
    console.log(`${lies} frames of former members, ${told} told them by a member`);
    network.must('qifeng-node', 'cluster', 'up');
    for (const code of await cosigners(0)) expect(codes.slice(0, LEAVING)).toContain(code);
    await until(
      async () => (await members(6)).epoch === (await members(0)).epoch,
      'who left follows',
      PATIENCE,
    );
  });

  it('keeps every acknowledged record, of each epoch, at every node, provable from the genesis alone', async () => {
    loading = false;
    await load;
    expect(publisher.acknowledged.length).toBeGreaterThan(50);
    for (const node of [0, 3])
      await until(async () => (await publisher.problems(node)).length === 0, `node ${node} holds all`);
    const { index, proof } = publisher.acknowledged.at(-1)!;
    const record = await network.json<{ leaf: { entry: { subject: { id: string } } } }>(
      0,
      `/v1/records/${index}`,
    );
    const { id } = record.leaf.entry.subject;
    const answer = await fetch(
      `${network.nodes[0]!.url}/v1/subjects/policy/${publisher.id}/${id}/status-proof`,
    );
    const status = unwrap(decode(statusProofCodec, new Uint8Array(await answer.arrayBuffer())));
    // The record may be older than the checkpoint: each is proven in its own epoch.
    const { epoch } = await members(0);
    expect(status.handovers).toHaveLength(epoch);
    expect(unwrap(parseReceipt(Buffer.from(proof))).extra.handovers!.length).toBeGreaterThan(3);
    const genesis = new Uint8Array(readFileSync(join(network.home, 'genesis.cbor')));
    const chain = unwrap(readGenesis(genesis, nativeSuite));
    expect(unwrap(verifyReceipt(status.receipt!, { chain, suite: nativeSuite, digests: null })).index).toBe(
      index,
    );
    // A restart is no loss of memory, in whatever moment of whatever epoch: only the one that was wiped lost its own.
    const logs = network.nodes.map(({ home }) => readFileSync(join(home, 'node.log'), 'utf8')).join('');
    expect(logs.match(/"event":"amnesia"/g)).toHaveLength(1);
    const sizes = await Promise.all(
      network.nodes.map((_, node) => network.json<{ size: number }>(node, '/v1/network')),
    );
    expect(new Set(sizes.map(({ size }) => size)).size).toBe(1);
    network.must('qifeng-node', 'cluster', 'down');
    expect(network.must('qifeng-node', 'check').match(/sound/g)).toHaveLength(7);
  });
});
