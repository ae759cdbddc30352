import { addExamples, type Host } from '../../host.ts';
import { type PolicyFlags, policy } from './handler.ts';
import { policyMessages } from './messages.ts';

/** Adds `qifeng policy` to the program. */
export function addPolicy({ program, lang, run }: Host): void {
  const words = policyMessages(lang);
  const command = program
    .command('policy')
    .summary(words.summary)
    .description(words.description)
    .argument('[receipt]', words.receipt)
    .option('--epoch <number>', words.epoch)
    .option('--genesis <file>', words.genesis)
    .action((receipt: string | undefined, flags: PolicyFlags) =>
      run(context => policy(receipt, flags, context)),
    );
  addExamples(command, lang, [
    'qifeng policy --genesis genesis.cbor > policy.txt',
    'qifeng policy notice.pdf.tlog-proof --genesis genesis.cbor > policy.txt',
  ]);
}
