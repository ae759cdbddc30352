import type { ExitCode, Lang, Output, Streams } from '@qifeng/core';
import type { AskSecret } from '@qifeng/core/native';
import type { Command } from 'commander';

/** What every handler is given: the options that all commands share, and where to write. */
export interface Context {
  readonly lang: Lang;
  readonly json: boolean;
  readonly streams: Streams;
  readonly out: Output;
  /** Null where nobody can be asked. */
  readonly askSecret: AskSecret | null;
}

/** What a command is given to add itself to the program. */
export interface Host {
  readonly program: Command;
  readonly lang: Lang;
  /** Runs a handler with the options that all commands share; what it resolves to ends the process. */
  readonly run: (handler: (context: Context) => Promise<ExitCode>) => Promise<void>;
}

/** Says what a command does: as it stands in a list, and as a sentence in its own help. */
export function describe(command: Command, lang: Lang, text: string): Command {
  const sentence = lang === 'zh' ? `${text}。` : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return command.summary(text).description(sentence);
}
