import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import type { BackupFlags } from './handler.ts';
import { backupMessages } from './messages.ts';

/** Adds `qifeng-node backup` to the program. */
export function addBackup({ program, lang, run }: Host): void {
  const words = backupMessages(lang);
  describe(program.command('backup'), lang, words.description)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .requiredOption('--out <path>', words.out)
    .option('--with-keys', words.withKeys)
    .action((flags: BackupFlags) =>
      run(async context => (await import('./handler.ts')).backup(flags, context)),
    );
}
