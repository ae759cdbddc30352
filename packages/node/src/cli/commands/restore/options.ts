import { describe, type Host } from '../../context.ts';
import type { RestoreFlags } from './handler.ts';
import { restoreMessages } from './messages.ts';

/** Adds `qifeng-node restore` to the program. */
export function addRestore({ program, lang, run }: Host): void {
  const words = restoreMessages(lang);
  describe(program.command('restore'), lang, words.description)
    .argument('<file>', words.file)
    .requiredOption('--home <dir>', words.home)
    .option('--keys <dir>', words.keys)
    .option('--genesis <file>', words.genesis)
    .action((file: string, flags: RestoreFlags) =>
      run(async context => (await import('./handler.ts')).restore(file, flags, context)),
    );
}
