import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import { startMessages } from './messages.ts';

/** Adds `qifeng-node start` to the program. */
export function addStart({ program, lang, run }: Host): void {
  describe(program.command('start'), lang, startMessages(lang).description)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .action(({ home }: { home: string }) =>
      run(async context => (await import('./handler.ts')).start(home, context)),
    );
}
