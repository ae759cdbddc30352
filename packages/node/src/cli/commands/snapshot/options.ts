import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import type { ExportFlags } from './export.ts';
import type { ImportFlags } from './import.ts';
import { snapshotMessages } from './messages.ts';

/** Adds `qifeng-node snapshot` with `export` and `import` to the program. */
export function addSnapshot({ program, lang, run }: Host): void {
  const words = snapshotMessages(lang);
  const snapshot = describe(program.command('snapshot'), lang, words.description);
  describe(snapshot.command('export'), lang, words.exportDescription)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .requiredOption('--out <file>', words.out)
    .action((flags: ExportFlags) =>
      run(async context => (await import('./export.ts')).exportSnapshot(flags, context)),
    );
  describe(snapshot.command('import'), lang, words.importDescription)
    .argument('<file>', words.file)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .option('--genesis <file>', words.genesis)
    .action((file: string, flags: ImportFlags) =>
      run(async context => (await import('./import.ts')).importSnapshot(file, flags, context)),
    );
}
