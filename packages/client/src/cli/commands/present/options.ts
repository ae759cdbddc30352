import { addExamples, type Host } from '../../host.ts';
import { type PresentFlags, present } from './handler.ts';
import { presentMessages } from './messages.ts';

/** Adds `qifeng present` to the program. */
export function addPresent({ program, lang, run }: Host): void {
  const words = presentMessages(lang);
  const command = program
    .command('present')
    .summary(words.summary)
    .description(words.description)
    .argument('<receipt>', words.receipt)
    .requiredOption('--disclose <names>', words.disclose)
    .requiredOption('--out <file>', words.out)
    .option('--genesis <file>', words.genesis)
    .action((receipt: string, flags: PresentFlags) => run(context => present(receipt, flags, context)));
  addExamples(command, lang, [
    'qifeng present certificate.pdf.tlog-proof --disclose name,expires --out shown.tlog-proof',
    'qifeng info shown.tlog-proof',
  ]);
}
