import { addExamples, type Host } from '../../host.ts';
import type { WatchFlags } from './flags.ts';
import { watch } from './handler.ts';
import { watchMessages } from './messages.ts';

/** Adds `qifeng watch` to the program. */
export function addWatch({ program, lang, run }: Host): void {
  const words = watchMessages(lang);
  const command = program
    .command('watch')
    .summary(words.summary)
    .description(words.description)
    .option('--profile <name>', words.profile)
    .option('--publisher <code>', words.publisher)
    .option('--subject <subject>', words.subject)
    .option('--from <index>', words.from)
    .option('--count <number>', words.count)
    .action((flags: WatchFlags) => run(context => watch(flags, context)));
  addExamples(command, lang, [
    'qifeng watch --profile policy',
    'qifeng watch --publisher 91350100M000100Y43 --from 0 --json',
    'qifeng watch --subject policy/91350100M000100Y43/YF-2026-1 --count 1',
  ]);
}
