import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import { repairMessages } from './messages.ts';

/** Adds `qifeng-node repair` to the program. */
export function addRepair({ program, lang, run }: Host): void {
  describe(program.command('repair'), lang, repairMessages(lang).description)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .action(({ home }: { home: string }) =>
      run(async context => (await import('./handler.ts')).repair(home, context)),
    );
}
