import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type Entry, encode, genesisCodec } from '@qifeng/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Served, serveSolo } from '../../packages/node/src/http/testing/served.ts';
import { PUBLISHER, testEntry } from '../fixtures/builder.ts';
import { jointGenesis, publishJointly, SECOND } from '../fixtures/joint.ts';
import { Workplace } from './harness.ts';

const ORGAN = `演示发布机构 (${PUBLISHER})`;
const OTHER = `机构 ${SECOND} (${SECOND})`;
const REPEALED = `policy/${PUBLISHER}/K`;

let node: Served;
let place: Workplace;
beforeAll(async () => {
  node = await serveSolo({}, undefined, jointGenesis());
  place = new Workplace();
  mkdirSync(place.path('.qifeng'));
  writeFileSync(place.path('.qifeng/genesis.cbor'), encode(genesisCodec, node.service.chain.genesis));
  await publishJointly(node, 'J', [SECOND]);
  await publishJointly(node, 'K', []);
  const link = { rel: 'repealed-by', subject: { issuer: PUBLISHER, id: 'J' }, index: 1 };
  const plain: Entry = testEntry('K', new TextEncoder().encode('K'));
  const repeal: Entry = {
    ...plain,
    ...{ action: 'repeal', digest: null, prev: 2, links: [link], meta: new Map() },
  };
  await node.seal(node.submission([repeal]));
  for (const [index, name] of [
    [0, 'J'],
    [2, 'K'],
  ] as const) {
    writeFileSync(place.path(name), name);
    const receipt = await node.ask(`/v1/records/${index}/receipt`);
    writeFileSync(place.path(`${name}.tlog-proof`), await receipt.text());
  }
  mkdirSync(place.path('out'));
});
afterAll(async () => {
  place.remove();
  await node.close();
});

const run = (...args: string[]) => place.inProcess([...args, '--node', node.url, '--max-age', '99999d']);
const done = async (...args: string[]) => {
  const { exit, stdout, stderr } = await run(...args);
  expect([exit, stderr]).toEqual([0, '']);
  return stdout;
};
const page = () => readFileSync(place.path('out/r.html'), 'utf8');

it('a report names the record by which something was repealed, and leaves its own receipt beside it', async () => {
  const told = await done('report', REPEALED, '--out', 'out/r.html');
  for (const text of [
    `废止依据：《文件J》${ORGAN} J，第 1 号记录</td>`,
    `<br>废止依据：《文件J》${ORGAN} J，第 1 号记录</div>`,
    `<li>废止依据：《文件J》${ORGAN} J，第 1 号记录</li>`,
    '关联印证数据',
    '该标的目前并非有效：废止',
    'qifeng info 3.tlog-proof --genesis genesis.cbor',
  ])
    expect(page()).toContain(text);
  expect(told).toContain('3.tlog-proof');
  const info = await place.inProcess(['info', 'out/3.tlog-proof', '--genesis', '.qifeng/genesis.cbor']);
  expect([info.exit, info.stderr]).toEqual([0, '']);
  await done('report', 'K', '--out', 'out/r.html', '--force');
  expect(page()).toContain('所核验文件是该标的最后的文本，但该标的目前并非有效：废止');
  expect(page()).not.toContain('即现行文本');
  writeFileSync(place.path('out/3.tlog-proof'), 'another');
  const other = await run('report', REPEALED, '--out', 'out/s.html');
  expect([other.exit, other.stderr]).toEqual([2, expect.stringContaining('3.tlog-proof is there already')]);
  expect(existsSync(place.path('out/s.html'))).toBe(false);
});

it('a report, and verify, name all who issued a joint document', async () => {
  await done('report', 'J', '--out', 'out/r.html', '--force');
  for (const text of [
    `<th scope="row">联合发文机关</th><td>${OTHER}</td>`,
    `<th scope="row">联合发文</th><td>${ORGAN}；${OTHER}</td>`,
    '即现行文本',
  ])
    expect(page()).toContain(text);
  expect(await done('verify', 'J', '--lang', 'zh')).toContain(`  ${ORGAN}；${OTHER}\n`);
});
