import type { Environment } from './locale.ts';

/** Where a command writes, and what it is written on. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Environment;
  /** Columns of the terminal, undefined without one. */
  readonly columns: number | undefined;
  /** Whether each stream takes colours. */
  readonly colour: { readonly out: boolean; readonly err: boolean };
}

/** How words are set off; every one is the same text where the stream takes no colours. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
}

/** Whether a stream takes colours: a terminal that is not dumb, unless NO_COLOR is set (no-color.org). */
export function takesColour(isTTY: boolean | undefined, env: Environment): boolean {
  return isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Columns of the terminal: COLUMNS where it is set (POSIX), else what the terminal says, undefined without either. */
export function columnsOf(terminal: number | undefined, env: Environment): number | undefined {
  const set = Number(env['COLUMNS']);
  return Number.isInteger(set) && set > 0 ? set : terminal;
}
