import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accusationEntry, encode, genesisCodec, toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../packages/node/src/cli/run.ts';
import { wireCodecs } from '../../packages/node/src/engine/wire/codecs.ts';
import { type Served, serveSolo } from '../../packages/node/src/http/testing/served.ts';
import type { LedgerStore } from '../../packages/node/src/ports/ledger-store.ts';
import { twoHeads, twoVotes } from '../fixtures/accusations.ts';
import { PUBLISHER, testKey } from '../fixtures/builder.ts';
import type { Answer } from './harness.ts';

let node: Served;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-accused-'));
  node = await serveSolo();
  const { chain } = node.service;
  writeFileSync(join(folder, 'genesis.cbor'), encode(genesisCodec, chain.genesis));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(
    join(folder, `${PUBLISHER}.pem`),
    privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  );
  const member = { member: '110000', pid: process.pid, url: node.url, home: folder };
  writeFileSync(join(folder, 'cluster.json'), JSON.stringify([member]));
});
afterAll(async () => {
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `qifeng-node` in this process. */
async function command(...args: readonly string[]): Promise<Answer> {
  const written = { stdout: '', stderr: '' };
  const exit = await run(args, {
    stdout: text => {
      written.stdout += text;
    },
    stderr: text => {
      written.stderr += text;
    },
    env: { QIFENG_HOME: folder, LANG: 'C' },
    columns: undefined,
    colour: { out: false, err: false },
  });
  return { exit, ...written };
}
const accuse = (...args: readonly string[]) => {
  const [genesis, key] = ['genesis.cbor', `${PUBLISHER}.pem`].map(name => join(folder, name)) as [
    string,
    string,
  ];
  return command('members', 'accuse', '--genesis', genesis, '--key', key, '--node', node.url, ...args);
};
const told = async (lang: string): Promise<string> =>
  (await command('cluster', 'status', '--lang', lang)).stdout.split('\n').slice(1).join('\n');

describe('qifeng-node, about members that signed contradictions', () => {
  it('says nothing while there are none', async () => {
    expect(await told('en')).toBe('');
    expect(await accuse()).toEqual({ exit: 0, stdout: 'nobody is accused in epoch 0\n', stderr: '' });
    expect((await accuse('--lang', 'zh')).stdout).toBe('纪元 0 没有被指证的成员\n');
    expect(JSON.parse((await accuse('--json')).stdout)).toEqual({ epoch: 0, accused: [] });
  });

  it('names them, and how to put on record what is not yet', async () => {
    const { chain, ledger } = node.service;
    const { votes } = twoVotes(chain.hash, '120000', testKey('validator 120000'), { height: 9 });
    const { statements, ...slot } = votes!;
    const [first, second] = statements.map(({ hash, signature }) => ({
      ...slot,
      epoch: 0,
      signer: 1,
      hash: toHex(hash),
      signature,
    }));
    const { evidence } = wireCodecs(chain.hash, nativeSuite.hasher);
    const bytes = encode(evidence, { type: 'votes', first: first!, second: second! });
    await (ledger as LedgerStore).putEvidence(0, 1, bytes);
    const next = `qifeng-node members accuse --node ${node.url} --genesis ${join(folder, 'genesis.cbor')} --key FILE`;
    expect(await told('en')).toBe(
      `✗ 120000 Tianjin  signed things that contradict each other, not recorded yet\n    next  ${next}\n`,
    );
    expect(await told('zh')).toBe(
      `✗ 120000 天津市  签署了自相矛盾的内容，尚未记入账本\n    下一步  ${next}\n`,
    );
  });

  it('shows what is on record', async () => {
    const { chain } = node.service;
    const votes = twoVotes(chain.hash, '120000', testKey('validator 120000'), { height: 9 });
    const heads = twoHeads(chain, '130000', testKey('validator 130000'));
    const entries = [votes, heads].map(accusation => accusationEntry(PUBLISHER, accusation));
    await node.seal(node.submission(entries));
    expect(await told('en')).toBe(
      [
        '✗ 120000 Tianjin  signed things that contradict each other, record 0 of the ledger',
        '✗ 130000 Hebei  signed things that contradict each other, record 1 of the ledger',
        '',
      ].join('\n'),
    );
    expect((await accuse()).stdout).toBe(
      [
        '✗ 120000 Tianjin  already recorded: record 0',
        '    epoch   0',
        '    signed  COMMIT for two blocks in view 0 at height 9',
        '✗ 130000 Hebei  already recorded: record 1',
        '    epoch   0',
        '    signed  two checkpoints of block 5',
        '',
      ].join('\n'),
    );
    expect((await accuse('--lang', 'zh')).stdout).toContain('此前已在账本：记录 1');
    expect(JSON.parse((await accuse('--json', '--epoch', '0')).stdout).accused).toEqual([
      { code: '120000', record: 0, fresh: false },
      { code: '130000', record: 1, fresh: false },
    ]);
  });

  it.each(['1', '-1', 'x', '0.5'])('has no epoch %s', async given => {
    const { exit, stdout } = await accuse('--json', `--epoch=${given}`);
    expect([exit, JSON.parse(stdout).error.code]).toEqual([2, 'no-epoch']);
  });
});
