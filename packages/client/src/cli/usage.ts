import type { CommanderError } from 'commander';
import type { Lang } from './catalogue.ts';
import { CliError, EXIT } from './exit.ts';
import { commonMessages } from './messages.ts';

/** A complaint of the argument parser in the person's language, with the command whose help they need. */
export function usageError(
  error: CommanderError,
  argv: readonly string[],
  commands: readonly string[],
  lang: Lang,
): CliError {
  const words = commonMessages(lang);
  const [, name = ''] = /'([^']*)'/.exec(error.message) ?? [];
  const [, meant] = /Did you mean (?:one of )?(.*)\?\)/.exec(error.message) ?? [];
  const sentences: Readonly<Record<string, string>> = {
    'commander.unknownOption': words.unknownOption(name),
    'commander.unknownCommand': words.unknownCommand(name),
    'commander.missingArgument': words.missingArgument(name),
    'commander.optionMissingArgument': words.missingValue(name),
    'commander.excessArguments': words.excessArguments,
  };
  const known = sentences[error.code];
  const command = argv.find(arg => commands.includes(arg));
  const help = `qifeng ${command === undefined ? '' : `${command} `}--help`;
  const code = error.code.replace(/^commander\./, '').replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  return new CliError(EXIT.usage, code, {
    what: known ?? words.badUsage,
    why: known === undefined ? error.message.replace(/^error: /, '') : null,
    next: meant === undefined ? words.seeHelp(help) : `${words.didYouMean(meant)}${help}`,
  });
}
