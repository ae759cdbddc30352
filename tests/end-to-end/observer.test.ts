import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Asked,
  type Chain,
  parseReceipt,
  readGenesis,
  verifyReceipt,
  verifyStatusProof,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../fixtures/builder.ts';
import { check, checkStatus } from '../independent/checker.mjs';
import { freePort, Network, until } from './network.ts';
import { Publisher } from './publisher.ts';

const PATIENCE = 120_000;
const network = new Network();
const file = (name: string): string => join(network.home, name);
let publisher: Publisher;
let genesis: Uint8Array;
let chain: Chain;
let url: string;
let observer: ChildProcess;

const ask = (path: string): Promise<Response> => fetch(`${url}${path}`);
const bytesOf = async (path: string): Promise<Uint8Array> => {
  const answer = await ask(path);
  expect(answer.status, `${path}: ${answer.status === 200 ? '' : await answer.clone().text()}`).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
};

/** Runs a command that must succeed, while nodes go on. */
async function command(...args: readonly string[]): Promise<void> {
  const { code, err } = await network.whileRunning('qifeng-node', ...args);
  expect(code, `${args.join(' ')}\n${err}\n${network.logs()}`).toBe(0);
}

/** The receipt that the observer gives of a record, checked with the genesis alone by all that checks one. */
async function receiptOf(record: number) {
  const { index, document } = publisher.acknowledged[record]!;
  const receipt = await bytesOf(`/v1/records/${index}/receipt`);
  const digests = [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(document) }];
  const verified = unwrap(verifyReceipt(receipt, { chain, suite: nativeSuite, digests }));
  expect(verified.index).toBe(index);
  expect(check({ receipt, genesis, file: document }).problems).toEqual([]);
  writeFileSync(file('document'), document);
  writeFileSync(file('receipt'), receipt);
  const offline = ['--receipt', file('receipt'), '--genesis', file('genesis.cbor'), '--offline'];
  const { code, out, err } = await network.whileRunning('qifeng', 'verify', file('document'), ...offline);
  expect(code, `${out}\n${err}`).toBe(0);
  return unwrap(parseReceipt(receipt)).extra.handovers;
}

/** What the observer proves of a subject: the index of its last record, or null where it has none. */
async function provenBy(id: string): Promise<number | null> {
  const subject = { issuer: publisher.id, id };
  const asked = { kind: 'subject', profile: 'policy', subject } as const satisfies Asked;
  const proof = await bytesOf(`/v1/subjects/policy/${publisher.id}/${id}/status-proof`);
  const status = unwrap(verifyStatusProof(proof, asked, { chain, suite: nativeSuite, fresh: null }));
  const name = ['subject', 'policy', publisher.id, id];
  expect(checkStatus({ proof, genesis, name }).problems).toEqual([]);
  return status.last?.index ?? null;
}
const subjectOf = (record: number): string =>
  Buffer.from(nativeSuite.hasher.digest(publisher.acknowledged[record]!.document)).toString('hex');

/** Publishes so many documents through the first member. */
async function publish(count: number): Promise<void> {
  for (let i = 0; i < count; i++) expect((await publisher.publish(0)).status).toBe(200);
}

/** Waits until the observer has every record. */
const caughtUp = (): Promise<void> =>
  until(
    async () => (await ask(`/v1/records/${publisher.acknowledged.at(-1)!.index}`)).status === 200,
    'the observer has all',
    PATIENCE,
  );

describe('an observer of a network', { timeout: 400_000 }, () => {
  beforeAll(async () => {
    network.up();
    publisher = new Publisher(network);
    genesis = new Uint8Array(readFileSync(file('genesis.cbor')));
    chain = unwrap(readGenesis(genesis, nativeSuite));
    const [http, p2p] = [String(await freePort()), String(await freePort())];
    url = `http://127.0.0.1:${http}`;
    const home = file('kunming');
    const ports = ['--http-port', http, '--p2p-port', p2p];
    await command('init', '--member', '530100', '--home', home, ...ports);
    const of = ['--genesis', file('genesis.cbor')];
    await command('observer', '--home', home, ...of, '--name', '昆明市（演示）', '--out', file('contact'));
    const at = ['--node', network.nodes[0]!.url, ...of];
    const admits = ['--admit', file('contact'), '--carrier', publisher.id];
    await command('members', 'propose', ...at, ...admits, '--out', file('admission'));
    for (const { home: member } of network.nodes.slice(0, 3))
      await command('members', 'approve', file('admission'), '--home', member);
    const key = join(network.home, 'keys', `${publisher.id}.pem`);
    await command('members', 'submit', file('admission'), ...at, '--key', key);
    observer = network.start('qifeng-node', 'start', '--home', home);
    await until(async () => (await ask('/readyz')).ok, 'the observer follows', PATIENCE);
  }, 200_000);
  afterAll(async () => {
    observer?.kill();
    if (observer !== undefined && observer.exitCode === null) await once(observer, 'exit');
    network.end();
  });

  it('gives receipts and proofs of a standing that hold with the genesis alone', async () => {
    await publish(3);
    await caughtUp();
    expect(await receiptOf(0)).toBeNull();
    expect(await provenBy(subjectOf(1))).toBe(publisher.acknowledged[1]!.index);
    expect(await provenBy('00'.repeat(32))).toBeNull();
    expect((await ask('/checkpoint')).status).toBe(200);
  });

  it('gives them of either epoch once the set has changed', async () => {
    await command('cluster', 'rekey', '4');
    await publish(2);
    await caughtUp();
    expect(await receiptOf(1)).toBeNull();
    expect(await receiptOf(3)).toHaveLength(1);
    expect(await provenBy(subjectOf(0))).toBe(publisher.acknowledged[0]!.index);
    expect(await provenBy(subjectOf(4))).toBe(publisher.acknowledged[4]!.index);
    expect(await provenBy('11'.repeat(32))).toBeNull();
  });

  it('goes on to give what it kept while every validator is stopped, and of the rest says so', async () => {
    const { body } = await publisher.publish(0);
    const finalThere = async () => ((await (await ask('/v1/network')).json()) as { final: number }).final;
    await until(async () => (await finalThere()) >= body.height!, 'it is final there', PATIENCE);
    await command('cluster', 'down');
    await until(async () => (await ask('/readyz')).status === 503, 'it stands alone', PATIENCE);
    expect(await receiptOf(0)).toBeNull();
    expect(await receiptOf(3)).toHaveLength(1);
    const answer = await ask(`/v1/records/${publisher.acknowledged.at(-1)!.index}/receipt`);
    const { code } = (await answer.json()) as { readonly code: string };
    expect([answer.status, code]).toEqual([503, 'no-log-key']);
    expect(answer.headers.get('retry-after')).not.toBeNull();
  });
});
