import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A command under a pseudo-terminal of its own, by script(1) of util-linux: what it draws, what is typed, how it ends.
 * The terminal echoes what is typed unless the command turns that off, as a person's does.
 */
export class Pty {
  /** All that was drawn so far, escape sequences included. */
  text = '';
  /** The exit code. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  /** Runs a shell line; its environment is `env` and a PATH. */
  constructor(line: string, cwd: string, env: Record<string, string> = {}, columns = 100) {
    this.#child = spawn(
      'script',
      ['-qefc', `stty cols ${columns}; ${line}`, '--echo', 'always', '/dev/null'],
      { cwd, env: { PATH: String(process.env['PATH']), TERM: 'xterm', LANG: 'C.UTF-8', ...env } },
    );
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
    });
    this.ended = new Promise((done, fail) => {
      this.#child.once('error', fail);
      this.#child.once('close', done);
    });
  }

  type(text: string): void {
    this.#child.stdin!.write(text);
  }

  /** Waits until this was drawn. */
  async shows(part: string): Promise<void> {
    while (!this.text.includes(part)) {
      if (this.#child.exitCode !== null) throw new Error(`ended without ${part}:\n${this.text}`);
      await new Promise(done => setTimeout(done, 5));
    }
  }

  /** What a person sees now. */
  screen(): readonly string[] {
    return screenOf(this.text);
  }
}

/**
 * The lines that a terminal shows after a text: carriage return, newline, moving to a column, erasing (ECMA-48 CHA, EL, ED),
 * saving and restoring the cursor; colours are passed over. Anything else is an error, so that nothing is drawn unseen.
 */
export function screenOf(text: string): readonly string[] {
  const lines: string[][] = [[]];
  let [row, column, saved] = [0, 0, [0, 0] as [number, number]];
  for (const [part] of text.matchAll(/\p{Cc}\[[0-9;?]*[A-Za-z]|\p{Cc}[78]|[\s\S]/gu)) {
    lines[row] ??= [];
    const line = lines[row]!;
    if (part === '\r') column = 0;
    else if (part === '\n') row++;
    else if (part.endsWith('[1G')) column = 0;
    else if (part.endsWith('[0K')) line.length = Math.min(line.length, column);
    else if (part.endsWith('[2K')) line.length = 0;
    else if (part === '\u001b7') saved = [row, column];
    else if (part === '\u001b8') [row, column] = saved;
    else if (/^\p{Cc}\[[0-9;]*m$/u.test(part)) continue;
    else if (/\p{Cc}/u.test(part)) throw new Error(`drawn with ${JSON.stringify(part)}`);
    else {
      while (line.length < column) line.push(' ');
      line[column++] = part;
    }
  }
  return lines.map(line => line.join('').trimEnd()).filter(line => line !== '');
}
