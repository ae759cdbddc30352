import { CliError, EXIT } from '@qifeng/core';
import type { Context } from '../../context.ts';
import { addExamples, type Host } from '../../host.ts';
import { keyMessages } from '../../key-messages.ts';
import { commonMessages } from '../../messages.ts';
import { parseDuration } from '../../time.ts';
import type { StampFlags } from './flags.ts';
import { stamp } from './handler.ts';
import { stampMessages } from './messages.ts';

/** Collects the values of an option that may be repeated. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Milliseconds of `--wait`; complains about anything but a duration. */
export function patienceOf(value = '2m', { lang }: Context): number {
  const ms = parseDuration(value);
  if (ms !== null) return ms;
  const words = commonMessages(lang);
  const complaint = { what: words.badDuration('--wait', value), why: null, next: words.badDurationNext };
  throw new CliError(EXIT.usage, 'bad-duration', complaint);
}

/** Adds `qifeng stamp` to the program. */
export function addStamp({ program, lang, run }: Host): void {
  const words = stampMessages(lang);
  const keys = keyMessages(lang);
  const command = program
    .command('stamp')
    .summary(words.summary)
    .description(words.description)
    .argument('[file...]', words.file)
    .option('--dir <dir>', words.dir, repeated)
    .option('--key <file>', keys.key)
    .option('--publisher <uscc>', keys.publisher)
    .option('--passphrase-file <file>', keys.passphraseFile)
    .option('--profile <name>', words.profile)
    .option('--action <name>', words.action)
    .option('--subject <id>', words.subject)
    .option('--sealed', words.sealed)
    .option('--meta <k=v|@file>', words.meta, repeated)
    .option('--digest <alg>', commonMessages(lang).digestAlg)
    .option('--origin <file>', words.origin)
    .option('--table <file>', words.table)
    .option('--report <file>', words.report)
    .option('--receipts <dir>', words.receipts)
    .option('--genesis <file>', words.genesis)
    .option('--wait <duration>', words.wait)
    .action((files: readonly string[], flags: StampFlags) =>
      run(context => stamp(files, flags, patienceOf(flags.wait, context), context)),
    );
  addExamples(command, lang, [
    'qifeng stamp notice.pdf --meta number=YF-2026-1 --meta made=2026-05-08',
    'qifeng stamp --dir outbox --receipts receipts --json',
    'qifeng stamp notice.pdf --meta @notice.json --key 91350100M000100Y43',
    'qifeng stamp page.html --profile evidence --action deposit --subject CASE-1 --origin origin.json',
    'qifeng stamp --table bills.csv --profile bill --action issue --report refused.csv',
  ]);
}
