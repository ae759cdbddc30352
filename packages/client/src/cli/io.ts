import type { Streams } from '@qifeng/core';
import type { AskSecret } from '@qifeng/core/native';

/** The process as commands see it. Tests give their own. */
export interface Io extends Streams {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** The error stream where it is a terminal, for what is drawn over; else null. */
  readonly screen: NodeJS.WriteStream | null;
  /** Aborted when nobody reads the standard output any more. */
  readonly unread?: AbortSignal;
  /** Asks for a line that is not shown while it is typed; null where nobody can be asked. */
  readonly askSecret: AskSecret | null;
}
