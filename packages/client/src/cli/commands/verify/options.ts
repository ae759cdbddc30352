import { usageFault } from '@qifeng/core';
import { maxAgeOf } from '../../age.ts';
import type { Context } from '../../context.ts';
import type { FurtherTrustFlags } from '../../further-trust.ts';
import { addExamples, type Host } from '../../host.ts';
import { verify } from './handler.ts';
import { verifyMessages } from './messages.ts';

/** Arguments of `verify` as they were typed. */
export interface VerifyFlags extends FurtherTrustFlags {
  readonly receipt?: string;
  readonly receipts?: string;
  readonly genesis?: string;
  readonly statusProof?: string;
  readonly offline?: true;
  readonly maxAge?: string;
  readonly inForce?: true;
  readonly complete?: string;
  readonly consistency?: string;
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
    .option('--status-proof <file>', words.statusProof)
    .option('--offline', words.offline)
    .option('--max-age <duration>', words.maxAge)
    .option('--in-force', words.inForce)
    .option('--complete <file>', words.complete)
    .option('--consistency <file>', words.consistency)
    .option('--witness-policy <file>', words.witnessPolicy)
    .option('--pin <pin>', words.pin, (pin: string, before: readonly string[] = []) => [...before, pin])
    .action((files: readonly string[], flags: VerifyFlags) =>
      run(context => verify(checked(files, flags, context), context)),
    );
  addExamples(command, lang, [
    'qifeng verify notice.pdf --genesis genesis.cbor',
    'qifeng verify *.pdf --offline --json',
    'qifeng verify notice.pdf --receipt downloads/notice.tlog-proof',
    'qifeng verify notice.pdf --status-proof notice.pdf.status-proof --max-age 1h',
    'qifeng verify first.pdf second.pdf repeal.tlog-proof --complete first.pdf.status-proof',
    'qifeng verify first.pdf second.pdf --consistency both.consistency-proof',
  ]);
}

function checked(files: readonly string[], flags: VerifyFlags, { lang }: Context) {
  const words = verifyMessages(lang);
  const single = flags.receipt !== undefined ? '--receipt' : flags.statusProof && '--status-proof';
  if (single !== undefined && files.length > 1)
    throw usageFault('one-receipt', words.oneReceipt(single), words.oneReceiptNext);
  const consistency = flags.consistency && '--consistency';
  const other = single ?? consistency ?? (flags.inForce && '--in-force');
  if (flags.complete !== undefined && other !== undefined)
    throw usageFault('two-questions', words.twoQuestions(other), words.twoQuestionsNext);
  return {
    files,
    receipt: flags.receipt,
    receipts: flags.receipts,
    genesis: flags.genesis,
    statusProof: flags.statusProof,
    offline: flags.offline === true,
    maxAgeMs: maxAgeOf(flags.maxAge, lang),
    inForce: flags.inForce === true,
    complete: flags.complete,
    consistency: flags.consistency,
    further: flags,
  };
}
