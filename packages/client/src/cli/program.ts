import { Command } from 'commander';
import pc from 'picocolors';
import { addAct } from './commands/act/options.ts';
import { addHistory } from './commands/history/options.ts';
import { addInfo } from './commands/info/options.ts';
import { addKeys } from './commands/keys/options.ts';
import { addPolicy } from './commands/policy/options.ts';
import { addStamp } from './commands/stamp/options.ts';
import { addVerify } from './commands/verify/options.ts';
import type { Host } from './host.ts';
import type { Io } from './io.ts';
import type { Preview } from './locale.ts';
import { commonMessages } from './messages.ts';
import { textWidth } from './text.ts';

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  readonly node?: readonly string[];
  readonly json?: true;
  readonly lang?: string;
  readonly home?: string;
}

/** The whole command line in one language. Parsing throws CommanderError instead of ending the process. */
export function buildProgram({ lang }: Preview, io: Io, version: string, run: Host['run']): Command {
  const words = commonMessages(lang);
  const program = new Command('qifeng');
  const paint = pc.createColors(io.colour.out);
  const titles: Readonly<Record<string, string>> = {
    'Usage:': words.usage,
    'Arguments:': words.arguments,
    'Options:': words.options,
    'Global Options:': words.globalOptions,
    'Commands:': words.commands,
  };
  program
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      outputError: () => {},
      getOutHelpWidth: () => Math.min(io.columns ?? 100, 110),
      getErrHelpWidth: () => Math.min(io.columns ?? 100, 110),
      getOutHasColors: () => io.colour.out,
      getErrHasColors: () => io.colour.err,
    })
    .configureHelp({
      showGlobalOptions: true,
      displayWidth: textWidth,
      styleTitle: title => paint.bold(titles[title] ?? title),
      styleUsage: usage =>
        usage.replace('[options]', words.optionWord).replace('[command]', words.commandWord),
      styleSubcommandTerm: term => term.replace('[options]', words.optionWord),
    })
    .helpOption('-h, --help', words.help)
    .helpCommand('help [command]', words.helpCommand)
    .version(version, '-V, --version', words.version)
    .description(words.tagline)
    .option('--node <url>', words.node, (url: string, before: readonly string[] = []) => [...before, url])
    .option('--json', words.json)
    .option('--lang <zh|en>', words.lang)
    .option('--home <dir>', words.home);
  const host: Host = { program, lang, run };
  addStamp(host);
  addAct(host);
  addVerify(host);
  addInfo(host);
  addHistory(host);
  addPolicy(host);
  addKeys(host);
  program.addHelpText('after', section(words.exitCodes, words.exitCodeList, paint.bold));
  return program;
}

/** A titled list under a help text, beginning with an empty line. */
function section(title: string, lines: readonly string[], bold: (text: string) => string): string {
  return `\n${bold(title)}\n${lines.map(line => `  ${line}`).join('\n')}`;
}
