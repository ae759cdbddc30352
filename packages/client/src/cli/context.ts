import type { Lang, Output } from '@qifeng/core';
import type { Io } from './io.ts';

/** What every handler is given: the options that all commands share, and where to write. */
export interface Context {
  readonly lang: Lang;
  readonly json: boolean;
  /** Absolute path of the home folder, which need not exist. */
  readonly home: string;
  /** Values of `--node`, in order; empty: the home's cluster. */
  readonly nodes: readonly string[];
  readonly io: Io;
  readonly out: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Sets what a person is told to do after Ctrl-C, where running the same command again is not it. */
  readonly afterInterrupt: (next: () => string) => void;
}
