import { usageFault } from '@qifeng/core';
import type { Context } from '../../context.ts';
import { addExamples, type Host } from '../../host.ts';
import { commonMessages } from '../../messages.ts';
import { parseDuration } from '../../time.ts';
import { verify } from './handler.ts';
import { verifyMessages } from './messages.ts';

/** Default of `--max-age`: 10 minutes, in ms. */
const DEFAULT_MAX_AGE_MS = 600_000;

/** Arguments of `verify` as they were typed. */
export interface VerifyFlags {
  readonly receipt?: string;
  readonly receipts?: string;
  readonly genesis?: string;
  readonly offline?: true;
  readonly maxAge?: string;
}

/** Adds `qifeng verify` to the program. */
export function addVerify({ program, lang, run }: Host): void {
  const words = verifyMessages(lang);
  const command = program
    .command('verify')
    .summary(words.summary)
    .description(words.description)
    .argument('<file...>', words.file)
    .option('--receipt <file>', words.receipt)
    .option('--receipts <dir>', words.receipts)
    .option('--genesis <file>', words.genesis)
    .option('--offline', words.offline)
    .option('--max-age <duration>', words.maxAge)
    .action((files: readonly string[], flags: VerifyFlags) =>
      run(context => verify(checked(files, flags, context), context)),
    );
  addExamples(command, lang, [
    'qifeng verify notice.pdf --genesis genesis.cbor',
    'qifeng verify *.pdf --offline --json',
    'qifeng verify notice.pdf --receipt downloads/notice.tlog-proof',
  ]);
}

function checked(files: readonly string[], flags: VerifyFlags, { lang }: Context) {
  const common = commonMessages(lang);
  const words = verifyMessages(lang);
  const maxAgeMs = flags.maxAge === undefined ? DEFAULT_MAX_AGE_MS : parseDuration(flags.maxAge);
  if (maxAgeMs === null)
    throw usageFault(
      'bad-duration',
      common.badDuration('--max-age', flags.maxAge ?? ''),
      common.badDurationNext,
    );
  if (flags.receipt !== undefined && files.length > 1)
    throw usageFault('one-receipt', words.oneReceipt, words.oneReceiptNext);
  return {
    files,
    receipt: flags.receipt,
    receipts: flags.receipts,
    genesis: flags.genesis,
    offline: flags.offline === true,
    maxAgeMs,
  };
}
