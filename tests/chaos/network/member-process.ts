import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LIAR = fileURLToPath(new URL('../byzantine/member.ts', import.meta.url));

/** A line of a node's log. */
export interface Event {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What Node is given to run a home as a member that lies. */
export function lying(home: string, seed: number, behaviours: readonly string[]): readonly string[] {
  return ['--conditions=qifeng-source', LIAR, home, String(seed), ...behaviours];
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One life of a node's process. Its log is read from a pipe, so that a full disk under its home does not silence it. */
export class MemberProcess {
  readonly events: Event[] = [];
  readonly ended: Promise<End>;
  end: End | null = null;
  readonly #child: ChildProcess;
  #rest = '';

  constructor(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    logFile: string,
  ) {
    const child = spawn(command, args, {
      env: { ...process.env, NO_COLOR: '1', LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    running.add(child);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      appendFileSync(logFile, text);
      this.#read(text);
    });
    this.ended = new Promise(resolve => {
      child.once('close', (code, signal) => {
        running.delete(child);
        this.end = { code, signal };
        resolve(this.end);
      });
    });
  }

  get pid(): number | null {
    return this.end === null ? (this.#child.pid ?? null) : null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it as a power cut would. */
  kill(): Promise<End> {
    this.signal('SIGKILL');
    return this.ended;
  }

  /** Lets it stop by itself. */
  stop(): Promise<End> {
    this.signal('SIGTERM');
    return this.ended;
  }

  said(event: string): readonly Event[] {
    return this.events.filter(one => one.event === event);
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) {
      // What is no JSON is a complaint for a person.
      if (line.startsWith('{')) this.events.push(JSON.parse(line) as Event);
    }
  }
}
