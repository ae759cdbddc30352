import { addExamples, type Host } from '../../host.ts';
import { keyMessages } from '../../key-messages.ts';
import { repeated } from '../stamp/options.ts';
import { anchoredReceipt, takeCheckpoint } from './handler.ts';
import { anchorMessages } from './messages.ts';
import { anchorOnSchedule, type ScheduleFlags } from './schedule.ts';
import { type ThroughBoth, verifyThrough } from './verify.ts';

/** Adds `qifeng anchor` with its commands to the program. */
export function addAnchor({ program, lang, run }: Host): void {
  const words = anchorMessages(lang);
  const keys = keyMessages(lang);
  const anchor = program.command('anchor').summary(words.summary).description(words.description);
  anchor
    .command('checkpoint')
    .summary(words.checkpointSummary)
    .description(words.checkpointSummary)
    .requiredOption('--out <file>', words.checkpointOut)
    .option('--genesis <file>', words.genesis)
    .action((flags: { readonly out: string; readonly genesis?: string }) =>
      run(context => takeCheckpoint(flags.out, flags.genesis, context)),
    );
  anchor
    .command('receipt')
    .summary(words.receiptSummary)
    .description(words.receiptSummary)
    .argument('<file>', words.receiptFile)
    .requiredOption('--checkpoint <file>', words.checkpoint)
    .option('--receipt <file>', words.receipt)
    .option('--out <file>', words.receiptOut)
    .option('--genesis <file>', words.genesis)
    .action((file: string, flags: AnchoredFlags) => run(context => anchoredReceipt(file, flags, context)));
  anchor
    .command('verify')
    .summary(words.verifySummary)
    .description(words.verifySummary)
    .argument('<file>', words.file)
    .requiredOption('--upper <file>', words.upper)
    .requiredOption('--upper-genesis <file>', words.upperGenesis)
    .option('--receipt <file>', words.anchored)
    .option('--genesis <file>', words.genesis)
    .action((file: string, flags: ThroughBoth) => run(context => verifyThrough(file, flags, context)));
  anchor
    .command('schedule')
    .summary(words.scheduleSummary)
    .description(words.scheduleDescription)
    .argument('<subject>', words.scheduleSubject)
    .requiredOption('--every <duration>', words.every)
    .requiredOption('--dir <dir>', words.scheduleDir)
    .option('--genesis <file>', words.genesis)
    .option('--upper-home <dir>', words.upperHome)
    .option('--upper-node <url>', words.upperNode, repeated)
    .option('--upper-genesis <file>', words.scheduleUpperGenesis)
    .option('--key <file>', keys.key)
    .option('--publisher <uscc>', keys.publisher)
    .option('--passphrase-file <file>', keys.passphraseFile)
    .action((subject: string, flags: ScheduleFlags) =>
      run(context => anchorOnSchedule(subject, flags, context)),
    );
  addExamples(anchor, lang, [
    'qifeng anchor checkpoint --out province.checkpoint',
    'qifeng anchor schedule ledger-anchor/91350100M000100Y43/province --every 10m --dir anchors --upper-home national',
    'qifeng anchor receipt notice.pdf --checkpoint province.checkpoint',
    'qifeng anchor verify notice.pdf --upper province.checkpoint.tlog-proof --upper-genesis national.cbor',
  ]);
}

type AnchoredFlags = Parameters<typeof anchoredReceipt>[1];
