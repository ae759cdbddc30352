import { addExamples, type Host } from '../../host.ts';
import { keyMessages } from '../../key-messages.ts';
import { stampMessages } from '../stamp/messages.ts';
import { patienceOf } from '../stamp/options.ts';
import { type BenchFlags, benchRequest } from './flags.ts';
import { bench } from './handler.ts';
import { benchMessages } from './messages.ts';

/** Adds `qifeng bench` to the program. */
export function addBench({ program, lang, run }: Host): void {
  const words = benchMessages(lang);
  const keys = keyMessages(lang);
  const command = program
    .command('bench')
    .summary(words.summary)
    .description(words.description)
    .option('--duration <duration>', words.duration)
    .option('--clients <number>', words.clients)
    .option('--entries <number>', words.entries)
    .option('--key <file>', keys.key)
    .option('--publisher <uscc>', keys.publisher)
    .option('--passphrase-file <file>', keys.passphraseFile)
    .option('--genesis <file>', stampMessages(lang).genesis)
    .option('--wait <duration>', stampMessages(lang).wait)
    .action((flags: BenchFlags) =>
      run(context => bench(benchRequest(flags, context), flags, patienceOf(flags.wait, context), context)),
    );
  addExamples(command, lang, [
    'qifeng bench --duration 30s --clients 64',
    'qifeng bench --entries 32 --json',
  ]);
}
