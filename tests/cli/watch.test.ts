import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpServer, type HttpServer } from '../../packages/node/src/http/server.ts';
import { note } from '../../packages/node/src/http/testing/served.ts';
import { type SoloNode, soloNode } from '../../packages/node/src/http/testing/solo-node.ts';
import { PUBLISHER } from '../fixtures/builder.ts';
import { BIN, Workplace } from './harness.ts';

let node: SoloNode;
let place: Workplace;
const servers = new Set<HttpServer>();
beforeEach(async () => {
  node = await soloNode();
  place = new Workplace();
});
afterEach(async () => {
  for (const server of servers) await stop(server);
  await node.close();
  place.remove();
});

/** Serves the node, as after a start. */
async function serve(port = 0): Promise<HttpServer> {
  const server = createHttpServer({ service: node.service, log: { error: () => {} } });
  await server.listen('127.0.0.1', port);
  servers.add(server);
  return server;
}

async function stop(server: HttpServer): Promise<void> {
  servers.delete(server);
  await server.close();
}

let subjects = 0;
const record = (count = 1) =>
  node.seal(node.submission(Array.from({ length: count }, () => note(`s${subjects++}`))));

/** `qifeng watch` left running, with what it wrote so far. */
class Watching {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  out = '';
  err = '';

  constructor(...args: readonly string[]) {
    this.#child = spawn(process.execPath, [BIN, 'watch', ...args], {
      cwd: place.folder,
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
  }

  get indexes(): number[] {
    return [...this.out.matchAll(/^\{"index":(\d+)/gm)].map(([, index]) => Number(index));
  }

  async interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return this.ended();
  }

  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  /** Its reader closes the pipe. */
  hangUp(): void {
    this.#child.stdout.destroy();
  }
}

const PATIENT = { timeout: 20_000, interval: 20 };

describe('qifeng watch', () => {
  it('goes on with another node, and with the same one once it is back, without a gap', async () => {
    const [first, second] = [await serve(), await serve()];
    const { port } = new URL(first.url);
    const watching = new Watching('--from', '0', '--json', '--node', first.url, '--node', second.url);
    await record(2);
    await expect.poll(() => watching.indexes, PATIENT).toEqual([0, 1]);
    await stop(first);
    await record();
    await expect.poll(() => watching.indexes, PATIENT).toEqual([0, 1, 2]);
    await stop(second);
    await record(3);
    await serve(Number(port));
    await expect.poll(() => watching.indexes, PATIENT).toEqual([0, 1, 2, 3, 4, 5]);
    await record();
    await expect.poll(() => watching.indexes.at(-1), PATIENT).toBe(6);
    expect(watching.err.match(/Following/g)!.length).toBeGreaterThanOrEqual(3);
    expect(await watching.interrupt()).toBe(130);
    expect(JSON.parse(watching.out.slice(watching.out.indexOf('{\n'))).error).toMatchObject({
      code: 'interrupted',
      next: 'To go on from here, add: --from 7',
    });
  });

  it('begins with what comes, tells it to a person in either language, and says where to go on', async () => {
    await record();
    const { url } = await serve();
    const [en, zh] = [new Watching('--node', url), new Watching('--node', url, '--lang', 'zh')];
    await expect.poll(() => [en.err, zh.err].join(''), PATIENT).toMatch(/Following[\s\S]*正在接收/);
    await record();
    const line = (publisher: string) => `note · open  ${publisher}  note/${PUBLISHER}/s`;
    await expect.poll(() => en.out, PATIENT).toContain(line(PUBLISHER));
    await expect.poll(() => en.out, PATIENT).toMatch(/^#1 {2}\d{4}-\d\d-\d\dT[^\n]*\n {4}sha256:01/);
    await expect.poll(() => zh.out, PATIENT).toMatch(/^#1 /);
    expect([await en.interrupt(), await zh.interrupt()]).toEqual([130, 130]);
    expect([en.err, zh.err]).toEqual([
      expect.stringContaining('--from 2'),
      expect.stringMatching(/已中断。[\s\S]*--from 2/),
    ]);
  });

  it('ends after so many, and when its reader has enough', async () => {
    await record(5);
    const { url } = await serve();
    const some = await place.inProcess(['watch', '--node', url, '--from', '1', '--count', '2', '--json']);
    expect([some.exit, some.stdout.split('\n').map(line => line && JSON.parse(line).index)]).toEqual([
      0,
      [1, 2, ''],
    ]);
    const watching = new Watching('--node', url, '--from', '0');
    await expect.poll(() => watching.out, PATIENT).toContain('#4 ');
    watching.hangUp();
    await record();
    expect(await watching.ended()).toBe(0);
  });

  it('asks for what it was told to', async () => {
    await record(3);
    await node.seal(node.submission([note('mine')]));
    const { url } = await serve();
    const of = (...filter: readonly string[]) =>
      place.inProcess(['watch', '--node', url, '--from', '0', '--count', '1', '--json', ...filter]);
    const subject = await of('--subject', `note/${PUBLISHER}/mine`, '--profile', 'note');
    expect(JSON.parse(subject.stdout).index).toBe(3);
    expect((await of('--publisher', PUBLISHER)).exit).toBe(0);
  });

  it.each([
    ['--profile', 'P'],
    ['--publisher', '91350211M000100Y43'],
    ['--subject', 'note/x'],
    ['--from', '-1'],
    ['--from', '01'],
    ['--count', '0'],
  ])('%s %s is 2, with what to give instead, in both languages', async (option, value) => {
    const args = ['watch', `${option}=${value}`, '--node', 'http://127.0.0.1:1'];
    const en = await place.inProcess(args);
    expect([en.exit, en.stderr]).toEqual([2, expect.stringContaining(`${option} ${value}`)]);
    const zh = await place.inProcess([...args, '--lang', 'zh']);
    expect([zh.exit, zh.stderr]).toEqual([2, expect.stringMatching(/取值无效。\n {2}下一步 {2}请/)]);
  });

  it('is 3 where no node was ever there', async () => {
    const away = await place.inProcess(['watch', '--node', 'http://127.0.0.1:1']);
    expect([away.exit, away.stderr]).toEqual([3, expect.stringContaining('No node could be reached')]);
  });
});
