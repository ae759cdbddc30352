import { type ExitCode, helpSection, type Lang, shellMessages } from '@qifeng/core';
import type { Command } from 'commander';
import type { Context } from './context.ts';

/** What a command is given to add itself to the program. */
export interface Host {
  readonly program: Command;
  readonly lang: Lang;
  /** Runs a handler with the options that all commands share; what it resolves to ends the process. */
  readonly run: (handler: (context: Context) => Promise<ExitCode>) => Promise<void>;
}

/** Adds examples below a command's help. */
export function addExamples(command: Command, lang: Lang, lines: readonly string[]): void {
  command.addHelpText('after', helpSection(shellMessages(lang).examples, lines));
}
