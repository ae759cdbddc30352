import { addExamples, type Host } from '../../host.ts';
import { info } from './handler.ts';
import { infoMessages } from './messages.ts';

/** Adds `qifeng info` to the program. */
export function addInfo({ program, lang, run }: Host): void {
  const words = infoMessages(lang);
  const command = program
    .command('info')
    .summary(words.summary)
    .description(words.description)
    .argument('<receipt>', words.receipt)
    .option('--genesis <file>', words.genesis)
    .option('--qr <file>', words.qr)
    .action((receipt: string, flags: { readonly genesis?: string; readonly qr?: string }) =>
      run(context => info({ receipt, genesis: flags.genesis, qr: flags.qr }, context)),
    );
  addExamples(command, lang, [
    'qifeng info notice.pdf.tlog-proof --genesis genesis.cbor',
    'qifeng info notice.pdf.tlog-proof --qr notice.svg',
  ]);
}
