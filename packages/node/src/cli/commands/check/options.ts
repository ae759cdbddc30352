import { describe, type Host } from '../../context.ts';
import { checkMessages } from './messages.ts';

/** Adds `qifeng-node check` to the program. */
export function addCheck({ program, lang, run }: Host): void {
  const words = checkMessages(lang);
  describe(program.command('check'), lang, words.description)
    .option('--home <dir>', words.home)
    .action(({ home }: { home?: string }) =>
      run(async context => (await import('./handler.ts')).check(home, context)),
    );
}
