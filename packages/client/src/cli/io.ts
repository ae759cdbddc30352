/** The process as commands see it. Tests give their own. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Columns of the terminal, undefined without one. */
  readonly columns: number | undefined;
  /** Whether each stream takes colours. */
  readonly colour: { readonly out: boolean; readonly err: boolean };
}

/** Whether a stream takes colours: a terminal that is not dumb, unless NO_COLOR is set (no-color.org). */
export function takesColour(isTTY: boolean | undefined, env: Io['env']): boolean {
  return isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
