import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMMANDS = {
  qifeng: join(ROOT, 'packages/client/bin/qifeng.js'),
  'qifeng-node': join(ROOT, 'packages/node/bin/qifeng-node.js'),
} as const;

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One node of a network as cluster.json has it. */
export interface NetworkNode {
  readonly member: string;
  readonly pid: number | null;
  readonly url: string;
  readonly home: string;
}

/** A network of real processes in a folder of its own. */
export class Network {
  readonly home = mkdtempSync(join(tmpdir(), 'qifeng-network-'));

  /** Runs a command of the project to its end. */
  run(command: keyof typeof COMMANDS, ...args: readonly string[]): Ended {
    const done = spawnSync(process.execPath, [COMMANDS[command], ...args], {
      cwd: this.home,
      env: this.#env,
      timeout: 110_000,
      maxBuffer: 64 << 20,
    });
    return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
  }

  /** Runs a command to its end while this process goes on. */
  async whileRunning(command: keyof typeof COMMANDS, ...args: readonly string[]): Promise<Ended> {
    const child = this.start(command, ...args);
    let [out, err] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out, err };
  }

  /** Starts a command and leaves it running. */
  start(command: keyof typeof COMMANDS, ...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [COMMANDS[command], ...args], { cwd: this.home, env: this.#env });
  }

  /** Runs a command that must succeed. */
  must(command: keyof typeof COMMANDS, ...args: readonly string[]): string {
    const { code, out, err } = this.run(command, ...args);
    if (code !== 0)
      throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${out}\n${err}\n${this.logs()}`);
    return out;
  }

  up(n = 4): void {
    this.must('qifeng-node', 'cluster', 'up', '-n', String(n));
  }

  get nodes(): readonly NetworkNode[] {
    return JSON.parse(readFileSync(join(this.home, 'cluster.json'), 'utf8')) as NetworkNode[];
  }

  /** Ends a node as a power cut would. */
  kill(member: string): void {
    const pid = this.nodes.find(node => node.member === member)?.pid;
    if (typeof pid === 'number') process.kill(pid, 'SIGKILL');
  }

  async json<T>(node: number, path: string): Promise<T> {
    const response = await asked(`${this.nodes[node]!.url}${path}`);
    return (await response.json()) as T;
  }

  async text(node: number, path: string): Promise<string> {
    return (await asked(`${this.nodes[node]!.url}${path}`)).text();
  }

  /** Last lines of every node's log, for a person. */
  logs(): string {
    try {
      return this.nodes
        .map(({ member, home }) => `${member}: ${readFileSync(join(home, 'node.log'), 'utf8').slice(-1_000)}`)
        .join('\n');
    } catch {
      return '';
    }
  }

  /** Stops everything and removes the folder. */
  end(): void {
    this.run('qifeng-node', 'cluster', 'down');
    rmSync(this.home, { recursive: true, force: true });
  }

  get #env(): NodeJS.ProcessEnv {
    return { ...process.env, QIFENG_HOME: this.home, NO_COLOR: '1', LANG: 'C.UTF-8' };
  }
}

/** A port of loopback that nobody has now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Asks again where a connection that was kept broke off: a node may end one just as it is used, and a question may be put twice. */
async function asked(url: string): Promise<Response> {
  for (let again = 3; ; again--) {
    try {
      return await fetch(url);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
      if (again === 0 || (code !== 'UND_ERR_SOCKET' && code !== 'ECONNRESET')) throw error;
    }
  }
}

/** Waits until something holds; the limit is generous because the machine may be busy. */
export async function until(
  holds: () => Promise<boolean> | boolean,
  what: string,
  ms = 60_000,
): Promise<void> {
  const end = Date.now() + ms;
  const attempt = async (): Promise<boolean> => {
    try {
      return await holds();
    } catch (error) {
      // A node that was killed breaks off the connections it had.
      if (error instanceof TypeError && error.message === 'fetch failed') return false;
      throw error;
    }
  };
  while (!(await attempt())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
