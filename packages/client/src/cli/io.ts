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
  /** The error stream where it is a terminal, for what is drawn over; else null. */
  readonly screen: NodeJS.WriteStream | null;
  /** Asks for a line that is not shown while it is typed; null where nobody can be asked. */
  readonly askSecret: ((question: string) => Promise<string>) | null;
}

/** Whether a stream takes colours: a terminal that is not dumb, unless NO_COLOR is set (no-color.org). */
export function takesColour(isTTY: boolean | undefined, env: Io['env']): boolean {
  return isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
