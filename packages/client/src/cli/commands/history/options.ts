import { maxAgeOf } from '../../age.ts';
import { addExamples, type Host } from '../../host.ts';
import { history } from './handler.ts';
import { historyMessages } from './messages.ts';

/** Adds `qifeng history` to the program. */
export function addHistory({ program, lang, run }: Host): void {
  const words = historyMessages(lang);
  const command = program
    .command('history')
    .summary(words.summary)
    .description(words.description)
    .argument('<x>', words.x)
    .option('--genesis <file>', words.genesis)
    .option('--max-age <duration>', words.maxAge)
    .action((x: string, flags: { readonly genesis?: string; readonly maxAge?: string }) =>
      run(context =>
        history({ x, genesis: flags.genesis, maxAgeMs: maxAgeOf(flags.maxAge, context.lang) }, context),
      ),
    );
  addExamples(command, lang, [
    'qifeng history notice.pdf',
    'qifeng history policy/91350100M000100Y43/YF-2026-1',
    'qifeng history 91350100M000100Y43',
    'qifeng history sha256:ee81235d4a6ce7fbcc49b7cb7dab845a5f2f3fe25f8af433e736f79c41563925 --json',
  ]);
}
