import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readGenesis, toHex, verifyReceipt } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../fixtures/builder.ts';
import { checkStatus } from '../independent/checker.mjs';
import { enrolments } from './enrolments.ts';
import { type Ended, Network, until } from './network.ts';

const SEEDS = fileURLToPath(new URL('../../seeds', import.meta.url));
const NODES = [0, 1, 2, 3];
const STATES = {
  amend: ['amended', 'Amended', '已修改'],
  repeal: ['repealed', 'Repealed', '废止'],
  lapse: ['lapsed', 'Lapsed', '失效'],
} as const;

/** One step of seeds/lifecycle.json. */
interface Step {
  readonly document: string;
  readonly action: keyof typeof STATES;
  readonly file: string | null;
  readonly by: string | null;
}

/** What `--json` says of one file or act. */
interface Done {
  readonly status: string;
  readonly index: number;
  readonly receipt: string;
  readonly code: string | null;
  readonly subject: { readonly issuer: string; readonly id: string };
}

interface SubjectView {
  readonly standing: { readonly state: string; readonly head: number; readonly version: number };
  readonly record: { readonly leaf: { readonly entry: { readonly links: readonly unknown[] } } };
}

const steps = JSON.parse(readFileSync(join(SEEDS, 'lifecycle.json'), 'utf8')) as readonly Step[];
/** Repealed on its own, with no document that says so. */
const PLAIN_REPEAL: Step = { document: '30-observer-request.md', action: 'repeal', file: null, by: null };
const all = [...steps, PLAIN_REPEAL];
const network = new Network();
const receipts = join(network.home, 'receipts');
const receiptOf = (document: string) => join(receipts, `${document}.tlog-proof`);
const pathOf = (document: string) => join(SEEDS, 'documents', document);
const keyOf = (document: string) => {
  const issuer = /^issuer: (\S+)$/m.exec(readFileSync(pathOf(document), 'utf8'))![1]!;
  return join(network.home, 'keys', `${issuer}.pem`);
};
/** Documents by name, once they are published. */
const published = new Map<string, Done>();
/** Receipts of the acts, by document. */
const acts = new Map<string, Done>();
const subjectOf = (document: string) => {
  const { issuer, id } = published.get(document)!.subject;
  return `policy/${issuer}/${id}`;
};
const links = ({ by }: Step, ...rels: readonly string[]) =>
  by === null ? [] : rels.flatMap(rel => ['--link', `${rel}=${subjectOf(by)}@${published.get(by)!.index}`]);
const act = (step: Step, ...rest: readonly string[]) => [
  ...['--json', 'act', subjectOf(step.document), step.action],
  ...(step.file === null ? [] : [join(SEEDS, step.file)]),
  ...['--key', keyOf(step.document), '--receipts', receipts, ...rest],
];
const outcomeOf = ({ out }: Pick<Ended, 'out'>) => (JSON.parse(out) as { files: readonly [Done] }).files[0];
const standing = (node: number, document: string) =>
  network.json<SubjectView>(node, `/v1/subjects/${subjectOf(document)}`);
const size = async () => (await network.json<{ size: number }>(0, '/v1/network')).size;

/** What `qifeng watch` has printed since before the first record, and the way to end it. */
let watching: { readonly indexes: () => number[]; readonly end: () => Promise<number | null> };

function watch(): typeof watching {
  const child = network.start('qifeng', 'watch', '--json', '--from', '0');
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return {
    indexes: () => [...printed.matchAll(/^\{"index":(\d+)/gm)].map(([, index]) => Number(index)),
    end: async () => {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'close');
      return child.exitCode;
    },
  };
}

describe('the lifecycle of the seed documents', () => {
  beforeAll(() => {
    network.up();
    watching = watch();
  });
  afterAll(() => network.end());

  it('begins with their publication', () => {
    const names = new Set(all.flatMap(({ document, by }) => (by === null ? [document] : [document, by])));
    for (const key of new Set([...names].map(keyOf))) {
      const documents = [...names].filter(name => keyOf(name) === key);
      const files = documents.map(pathOf);
      const out = network.must('qifeng', '--json', 'stamp', ...files, '--key', key, '--receipts', receipts);
      const done = (JSON.parse(out) as { files: readonly Done[] }).files;
      for (const [i, document] of documents.entries()) published.set(document, done[i]!);
    }
    expect(published.size).toBe(names.size);
  });

  it.each(all)('goes on: $action of $document', async step => {
    const [state, english, chinese] = STATES[step.action];
    const rels = { amend: ['amended-by'], repeal: ['replaced-by', 'repealed-by'], lapse: [] }[step.action];
    const done = outcomeOf({ out: network.must('qifeng', ...act(step, ...links(step, ...rels))) });
    expect(done.status).toBe('ok');
    acts.set(step.document, done);

    for (const node of NODES)
      await until(
        async () => (await standing(node, step.document)).standing.state === state,
        `node ${node} has it ${state}`,
      );
    const { standing: now, record } = await standing(3, step.document);
    expect(now).toMatchObject({ head: done.index, version: 2 });
    expect(record.leaf.entry.links).toHaveLength(step.by === null ? 0 : rels.length);

    const verify = ['verify', pathOf(step.document), '--receipt', receiptOf(step.document)];
    expect(network.must('qifeng', ...verify)).toContain(english);
    const inChinese = network.must('qifeng', '--lang', 'zh', ...verify);
    expect(inChinese).toContain('已验证');
    expect(inChinese).toContain(chinese);
    const refused = network.run('qifeng', '--json', ...verify, '--in-force');
    expect([refused.code, JSON.parse(refused.out)]).toEqual([
      1,
      expect.objectContaining({ code: 'not-in-force' }),
    ]);
    const offline = JSON.parse(network.must('qifeng', '--json', ...verify, '--offline')) as object;
    expect(offline).toMatchObject({
      verified: true,
      standing: null,
      record: { action: 'publish', version: 1 },
    });
  });

  it('leaves a receipt of each act, which verifies offline', () => {
    const genesis = new Uint8Array(readFileSync(join(network.home, 'genesis.cbor')));
    const chain = unwrap(readGenesis(genesis, nativeSuite));
    for (const { document, action, file } of all) {
      const { receipt, index } = acts.get(document)!;
      expect(existsSync(receipt)).toBe(true);
      const hash = file && nativeSuite.hasher.digest(new Uint8Array(readFileSync(join(SEEDS, file))));
      const digests = hash ? [{ alg: 'sha256' as const, hash }] : null;
      const options = { chain, suite: nativeSuite, digests };
      const verified = unwrap(verifyReceipt(new Uint8Array(readFileSync(receipt)), options));
      expect([verified.index, verified.leaf.entry.value.action]).toEqual([index, action]);
      expect(verified.leaf.subjectPrev).toBe(published.get(document)!.index);
    }
  });

  it('shows the chain of versions, of a subject and of either of its files, in both languages', () => {
    const step = steps.find(({ action }) => action === 'amend')!;
    const prints = [pathOf(step.document), join(SEEDS, step.file!), subjectOf(step.document)].map(x => {
      const out = network.must('qifeng', '--json', 'history', x);
      const { verified, subjects } = JSON.parse(out) as { verified: boolean; subjects: readonly object[] };
      expect(verified).toBe(true);
      return subjects;
    });
    const [first, second] = [published.get(step.document)!.index, acts.get(step.document)!.index];
    for (const subjects of prints)
      expect(subjects).toMatchObject([
        {
          standing: { state: 'amended', version: 2, head: second },
          records: [
            { index: first, proven: true, fault: null, version: 1, subjectPrev: null },
            { index: second, proven: true, fault: null, version: 2, subjectPrev: first },
          ],
        },
      ]);
    const chinese = network.must('qifeng', '--lang', 'zh', 'history', subjectOf(step.document));
    expect(chinese).toMatch(/已修改[\s\S]*政策文件 · 发布[\s\S]*政策文件 · 修改/);
    expect(chinese.indexOf(`序号 ${first} `)).toBeLessThan(chinese.indexOf(`序号 ${second} `));
  });

  it('is proven: the standing of each, offline too, that nothing is left out, and what was never recorded', () => {
    const ask = (...args: readonly string[]) =>
      JSON.parse(network.must('qifeng', '--json', ...args)) as object;
    for (const step of all) {
      const [state] = STATES[step.action];
      const verdict = step.action === 'repeal' && step.by !== null ? 'superseded' : state;
      const standing = { state, head: acts.get(step.document)!.index, version: 2 };
      const said = { verdict, proven: true, subjects: [standing] };
      expect(ask('status', pathOf(step.document))).toMatchObject({ ...said, digest: { count: 1 } });
    }

    const untouched = [...published.keys()].find(name => !acts.has(name))!;
    network.must('qifeng', 'verify', pathOf(untouched), '--receipt', receiptOf(untouched), '--in-force');

    const { document, action } = steps[0]!;
    const issuer = subjectOf(document).split('/')[1]!;
    const copy = join(network.home, document);
    copyFileSync(pathOf(document), copy);
    expect(ask('status', copy, '--save')).toMatchObject({
      saved: [`${copy}.status-proof`, `${copy}.digest.status-proof`],
    });
    const away = ['--status-proof', `${copy}.status-proof`, '--node', 'http://127.0.0.1:1'];
    expect(ask('verify', copy, '--receipt', receiptOf(document), ...away)).toMatchObject({
      verified: true,
      standing: { verdict: STATES[action][0], proven: true, source: 'file', node: null },
    });
    expect(ask('history', subjectOf(document))).toMatchObject({ complete: { complete: true, count: 2 } });
    const { complete } = ask('history', issuer) as { complete: { complete: boolean; count: number } };
    expect([complete.complete, complete.count > 1]).toEqual([true, true]);

    const genesis = new Uint8Array(readFileSync(join(network.home, 'genesis.cbor')));
    const proof = new Uint8Array(readFileSync(`${copy}.status-proof`));
    const name = ['subject', ...subjectOf(document).split('/').map(decodeURIComponent)];
    expect(checkStatus({ proof, genesis, name }).problems).toEqual([]);
    expect(checkStatus({ proof, genesis, name: [...name.slice(0, 3), 'x'] }).problems).toHaveLength(1);

    const never = join(network.home, 'never.md');
    writeFileSync(never, 'recorded by nobody');
    expect(ask('status', never, '--save')).toMatchObject({ verdict: 'no-public-record', proven: true });
    const absent = ['--status-proof', `${never}.status-proof`];
    expect(ask('status', never, ...absent)).toMatchObject({ verdict: 'no-public-record', source: 'file' });
    expect(network.run('qifeng', 'status', copy, ...absent).code).toBe(1);
  });

  it('ends: nothing follows a repeal or a lapse, exit 4 with the code', async () => {
    const before = await size();
    for (const { document, action } of [steps[1]!, steps[2]!, PLAIN_REPEAL]) {
      for (const again of ['repeal', 'lapse'] as const) {
        const ended = network.run('qifeng', ...act({ document, action: again, file: null, by: null }));
        expect([ended.code, outcomeOf(ended).code], `${again} after ${action}`).toEqual([
          4,
          'action-not-allowed',
        ]);
      }
      const receipt = readFileSync(acts.get(document)!.receipt);
      expect(receipt.length).toBeGreaterThan(0);
    }
    const said = network.run('qifeng', '--lang', 'zh', ...act(PLAIN_REPEAL).slice(1));
    expect([said.code, said.out]).toEqual([4, expect.stringMatching(/被拒绝.*action-not-allowed/)]);
    expect(await size()).toBe(before);
  });

  it('is told live, each record once and in order, and shown by a badge and by a node’s own verdict', async () => {
    const records = Array.from({ length: await size() }, (_, index) => index);
    await until(() => watching.indexes().length >= records.length, 'the reader has it all');
    expect(watching.indexes()).toEqual(records);
    expect(await watching.end()).toBe(130);

    const { document } = PLAIN_REPEAL;
    const file = new Uint8Array(readFileSync(pathOf(document)));
    const digest = `sha256:${toHex(nativeSuite.hasher.digest(file))}`;
    expect(await network.text(2, `/v1/badge/${digest}.svg`)).toContain('已上链 · 已废止');
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await fetch(`${network.nodes[1]!.url}/v1/verify`, { method: 'POST', headers, body: file });
    const { index } = published.get(document)!;
    expect(await answer.json()).toMatchObject({ verified: true, index, verdict: 'repealed' });
  });

  it('is not muddled by a node that lags: what was built on a stale head is refused, exit 4', async () => {
    const step = steps[0]!;
    const subject = `/v1/subjects/${subjectOf(step.document)}`;
    const { url } = network.nodes[0]!;
    const stale = await (await fetch(url + subject)).text();
    const file = pathOf('26-stamping-rules-amendment.md');
    const amend = [
      ...act({ ...step, file: null }).slice(0, 4),
      file,
      ...act({ ...step, file: null }).slice(4),
    ];
    expect(outcomeOf({ out: network.must('qifeng', ...amend) }).status).toBe('ok');
    const before = await size();

    // A node that has yet to hear of the second amendment, in front of one that has.
    const lagging = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      if (request.url === subject) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(stale);
        return;
      }
      const { method = 'GET', headers } = request;
      const type = { 'content-type': headers['content-type'] ?? 'text/plain' };
      const sent = method === 'POST' ? { method, headers: type, body: Buffer.concat(parts) } : {};
      const answer = await fetch(url + request.url, sent);
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(await answer.text());
    });
    await new Promise<void>(resolve => lagging.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = lagging.address() as AddressInfo;
      const late = act(step, '--receipts', join(network.home, 'late'), '--node', `http://127.0.0.1:${port}`);
      const ended = await network.whileRunning('qifeng', ...late);
      expect([ended.code, outcomeOf(ended)?.code], ended.out + ended.err).toEqual([4, 'wrong-prev']);
      expect(await size()).toBe(before);
    } finally {
      lagging.close();
    }
    const again = network.must('qifeng', ...act(step, '--receipts', join(network.home, 'late')));
    expect(outcomeOf({ out: again }).status).toBe('ok');
    expect((await standing(0, step.document)).standing).toMatchObject({ state: 'amended', version: 4 });
  });

  enrolments(network);

  it('is loaded by qifeng bench: rate, times to a receipt, receipts that verify, and this machine beside its limit', () => {
    const load = ['--json', 'bench', '--duration', '1s', '--clients', '3', '--entries', '2'];
    const above = expect.any(Number);
    const found = JSON.parse(network.must('qifeng', ...load)) as {
      load: Readonly<Record<'submissions' | 'seconds' | 'recordsPerSecond' | 'p50Ms' | 'p99Ms', number>>;
      speeds: readonly { readonly limits: readonly { readonly ratio: number }[] }[];
    };
    expect(found).toMatchObject({
      load: {
        nodes: { length: 4 },
        clients: 3,
        entries: 2,
        others: {},
        receipts: { checked: 3, false: null },
      },
      speeds: ['leaf-hashes', 'log-root', 'signatures'].map(what => ({ what, perSecond: above })),
    });
    const { submissions, seconds, recordsPerSecond, p50Ms, p99Ms } = found.load;
    expect(submissions).toBeGreaterThan(0);
    expect(recordsPerSecond).toBeCloseTo((2 * submissions) / seconds);
    expect(p50Ms).toBeGreaterThan(0);
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    for (const { limits } of found.speeds) expect(limits[0]!.ratio).toBeGreaterThan(0);
    const refused = network.run('qifeng', 'bench', '--duration', '1s', '--publisher', '91110108551385082Q');
    expect([refused.code, refused.err]).toEqual([4, expect.stringContaining('not enrolled')]);
  });
});
