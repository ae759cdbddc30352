import type { Lang } from './catalogue.ts';
import { CliError, EXIT } from './complaint.ts';
import { shellMessages } from './shell-messages.ts';

/** What is needed of the argument parser's commands. */
export interface CommandTree {
  name(): string;
  readonly commands: readonly CommandTree[];
}

/** What is needed of its errors. */
export interface ParserError {
  readonly code: string;
  readonly message: string;
}

/** A complaint of the argument parser in the person's language, with the command whose help they need. */
export function usageError(
  { code, message }: ParserError,
  argv: readonly string[],
  program: CommandTree,
  lang: Lang,
): CliError {
  const words = shellMessages(lang);
  const [, name = ''] = /'([^']*)'/.exec(message) ?? [];
  const [, meant] = /Did you mean (?:one of )?(.*)\?\)/.exec(message) ?? [];
  const sentences: Readonly<Record<string, string>> = {
    'commander.unknownOption': words.unknownOption(name),
    'commander.unknownCommand': words.unknownCommand(name),
    'commander.missingArgument': words.missingArgument(name),
    'commander.missingMandatoryOptionValue': words.missingOption(name),
    'commander.optionMissingArgument': words.missingValue(name),
    'commander.excessArguments': words.excessArguments,
  };
  const known = sentences[code];
  const help = `${wordsOf(program, argv).join(' ')} --help`;
  const ours = code.replace(/^commander\./, '').replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  return new CliError(EXIT.usage, ours, {
    what: known ?? words.badUsage,
    why: known === undefined ? message.replace(/^error: /, '') : null,
    next: meant === undefined ? words.seeHelp(help) : `${words.didYouMean(meant)}${help}`,
  });
}

/** The words of the command that was meant: the program's name and the commands in it that the arguments name in turn. */
function wordsOf(program: CommandTree, argv: readonly string[]): readonly string[] {
  const words = [program.name()];
  let at = program;
  for (const arg of argv) {
    const below = at.commands.find(command => command.name() === arg);
    if (below === undefined) continue;
    words.push(arg);
    at = below;
  }
  return words;
}
