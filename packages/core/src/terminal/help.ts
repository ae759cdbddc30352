import type { Lang } from './catalogue.ts';
import { textWidth } from './columns.ts';
import { shellMessages } from './shell-messages.ts';
import type { Paint, Streams } from './streams.ts';
import { wrapText } from './wrap.ts';

/** Columns of a help text without a terminal, and at most. */
const WIDTH = { usual: 100, most: 110 };

/** Where the argument parser writes (commander's `configureOutput`); its errors are said by us. */
export function helpOutput({ stdout, stderr, columns, colour }: Streams) {
  const width = () => Math.min(columns ?? WIDTH.usual, WIDTH.most);
  return {
    writeOut: stdout,
    writeErr: stderr,
    outputError: () => {},
    getOutHelpWidth: width,
    getErrHelpWidth: width,
    getOutHasColors: () => colour.out,
    getErrHasColors: () => colour.err,
  };
}

/** What a help text looks like (commander's `configureHelp`): its own words in our language, and Chinese lines broken. */
export function helpStyle(lang: Lang, { bold }: Pick<Paint, 'bold'>) {
  const words = shellMessages(lang);
  const titles: Readonly<Record<string, string>> = {
    'Usage:': words.usage,
    'Arguments:': words.arguments,
    'Options:': words.options,
    'Global Options:': words.globalOptions,
    'Commands:': words.commands,
  };
  return {
    showGlobalOptions: true,
    minWidthToWrap: 20,
    displayWidth: textWidth,
    boxWrap: wrapText,
    styleTitle: (title: string) => bold(titles[title] ?? title),
    styleUsage: (usage: string) =>
      usage.replace('[options]', words.optionWord).replace('[command]', words.commandWord),
    styleSubcommandTerm: (term: string) =>
      term.replace('[options]', words.optionWord).replace('[command]', words.commandWord),
    styleOptionDescription: (text: string) =>
      text.replace(/ \(default: "?(.*?)"?\)$/, (_, value: string) => words.byDefault(value)),
  };
}

/** A titled list under a help text, beginning with an empty line. */
export function helpSection(title: string, lines: readonly string[]): string {
  return `\n${title}\n${lines.map(line => `  ${line}`).join('\n')}`;
}
