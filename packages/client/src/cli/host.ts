import type { Command } from 'commander';
import type { Lang } from './catalogue.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit.ts';
import { commonMessages } from './messages.ts';

/** What a command is given to add itself to the program. */
export interface Host {
  readonly program: Command;
  readonly lang: Lang;
  /** Runs a handler with the options that all commands share; what it resolves to ends the process. */
  readonly run: (handler: (context: Context) => Promise<ExitCode>) => Promise<void>;
}

/** Adds examples below a command's help. */
export function addExamples(command: Command, lang: Lang, lines: readonly string[]): void {
  const list = lines.map(line => `  ${line}`).join('\n');
  command.addHelpText('after', `\n${commonMessages(lang).examples}\n${list}`);
}
