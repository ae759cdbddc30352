import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../packages/client/src/cli/io.ts';
import { run } from '../../packages/client/src/cli/run.ts';

/** The compiled `qifeng`. */
export const BIN = fileURLToPath(new URL('../../packages/client/bin/qifeng.js', import.meta.url));
const FIXTURE = fileURLToPath(new URL('../fixtures/first-light', import.meta.url));

/** How a command ended and what it wrote. */
export interface Answer {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A fresh folder with a copy of the committed fixture, without any environment of the machine; `remove` at the end. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'qifeng-cli-'));

  constructor() {
    cpSync(FIXTURE, this.folder, { recursive: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The command line in this process, from the sources. */
  async inProcess(
    args: readonly string[],
    env: Record<string, string> = {},
    columns?: number,
  ): Promise<Answer> {
    const written = { stdout: '', stderr: '' };
    const io: Io = {
      stdout: text => {
        written.stdout += text;
      },
      stderr: text => {
        written.stderr += text;
      },
      env,
      cwd: this.folder,
      columns,
      colour: { out: false, err: false },
      screen: null,
      askSecret: null,
    };
    const exit = await run(args, io, new AbortController().signal);
    return { exit, ...written };
  }

  /** The command line as a person starts it, from what was compiled. */
  spawned(args: readonly string[], env: Record<string, string> = {}): Promise<Answer> {
    return new Promise(done => {
      const child = execFile(
        process.execPath,
        [BIN, ...args],
        { cwd: this.folder, env },
        (_, stdout, stderr) => {
          done({ exit: child.exitCode, stdout, stderr });
        },
      );
    });
  }

  /** A command left running, its stdout for the caller to read. */
  start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [BIN, ...args], {
      cwd: this.folder,
      env: {},
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
}

/** A text with one character of a line replaced, at `at` or the line's last; put there where the line is empty. */
export function changeLine(text: string, line: number, at: number): string {
  const lines = text.split('\n');
  const old = lines[line] ?? '';
  const place = Math.max(0, Math.min(at, old.length - 1));
  const put = old[place] === 'A' ? 'B' : 'A';
  lines[line] = old.slice(0, place) + put + old.slice(place + 1);
  return lines.join('\n');
}
