import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../packages/client/src/cli/io.ts';
import { run } from '../../packages/client/src/cli/run.ts';
import { Network } from '../end-to-end/network.ts';

const SEEDS = fileURLToPath(new URL('../../seeds/systems', import.meta.url));
const QIFENG_NODE = fileURLToPath(new URL('../../packages/node/bin/qifeng-node.js', import.meta.url));

/** What a command wrote and how it ended: an exit code, or the status of an answer. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
}

/** A network of four nodes, and folders of their own for the scripts, each with a copy of its sample data. */
export class World {
  readonly network = new Network();
  readonly #left: ChildProcess[] = [];
  /** Commands of `qifeng` that were left running, each with its end. */
  readonly #running: { readonly stop: AbortController; readonly ended: Promise<Ended> }[] = [];
  /** Homes of further networks that scripts started. */
  readonly #homes = new Set<string>();

  start(): void {
    this.network.up(4);
  }

  async end(): Promise<void> {
    for (const child of this.#left) child.kill('SIGKILL');
    for (const { stop } of this.#running) stop.abort();
    for (const home of [...this.#homes]) await this.qifengNode(['cluster', 'down', '--home', home], home);
    this.network.end();
  }

  /** The folder in which a script runs its commands. */
  folder(system: string): string {
    const folder = join(this.network.home, 'systems', system);
    if (!existsSync(folder)) cpSync(join(SEEDS, system), folder, { recursive: true });
    return folder;
  }

  /** The command line in this process, from the sources: a process for each command would take most of the time. */
  async qifeng(
    args: readonly string[],
    cwd: string,
    signal: AbortSignal = new AbortController().signal,
    onOutput: () => void = () => {},
  ): Promise<Ended> {
    let out = '';
    const write = (text: string) => {
      out += text;
      onOutput();
    };
    const io: Io = {
      stdout: write,
      stderr: write,
      env: { QIFENG_HOME: this.network.home },
      cwd,
      columns: 120,
      colour: { out: false, err: false },
      screen: null,
      askSecret: null,
    };
    return { code: await run(args, io, signal), out };
  }

  /** The same, left running from its first output on. */
  async qifengLeft(args: readonly string[], cwd: string): Promise<Ended> {
    const stop = new AbortController();
    await new Promise<void>(going => {
      const ended = this.qifeng(args, cwd, stop.signal, going);
      this.#running.push({ stop, ended });
      ended.then(() => going(), going);
    });
    return { code: 0, out: '' };
  }

  /** What became of those that were left running, once they have ended; after `patienceMs` they are made to. */
  async wait(patienceMs: number): Promise<Ended> {
    const running = this.#running.splice(0);
    const late = setTimeout(() => running.map(({ stop }) => stop.abort()), patienceMs);
    const all = await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(late);
    const failed = all.find(({ code }) => code !== 0);
    return { code: failed === undefined ? 0 : failed.code, out: all.map(({ out }) => out).join('') };
  }

  /** The operators' command line, to its end. */
  qifengNode(args: readonly string[], cwd: string): Promise<Ended> {
    const at = args.indexOf('--home');
    if (args[0] === 'cluster' && at > 0) this.#homes.add(resolve(cwd, args[at + 1]!));
    return new Promise(done => {
      const child = execFile(
        process.execPath,
        [QIFENG_NODE, ...args],
        { cwd, env: this.#env },
        (_, out, err) => {
          done({ code: child.exitCode, out: out + err });
        },
      );
    });
  }

  /** The same, left running. */
  leave(args: readonly string[], cwd: string): Ended {
    this.#left.push(
      spawn(process.execPath, [QIFENG_NODE, ...args], { cwd, env: this.#env, stdio: 'ignore' }),
    );
    return { code: 0, out: '' };
  }

  /** Ends what was left running, as Ctrl-C does. */
  async interrupt(): Promise<Ended> {
    for (const child of this.#left.splice(0)) {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'close');
    }
    return { code: 0, out: '' };
  }

  /** A path of the first node's interface, or a whole address. */
  async get(target: string): Promise<Ended> {
    const address = target.startsWith('http') ? target : this.network.nodes[0]!.url + target;
    try {
      const response = await fetch(address);
      return { code: response.status, out: await response.text() };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { code: null, out: error.message };
    }
  }

  get #env(): NodeJS.ProcessEnv {
    return { ...process.env, QIFENG_HOME: this.network.home, NO_COLOR: '1', LANG: 'C.UTF-8' };
  }
}

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
