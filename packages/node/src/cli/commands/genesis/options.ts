import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import type { NewFlags, SignFlags } from './handler.ts';
import { genesisMessages } from './messages.ts';

/** Adds `qifeng-node genesis` with `new`, `sign` and `show` to the program. */
export function addGenesis({ program, lang, run }: Host): void {
  const words = genesisMessages(lang);
  const genesis = describe(program.command('genesis'), lang, words.description);
  describe(genesis.command('new'), lang, words.newDescription)
    .requiredOption('--nodes <dir...>', words.nodes)
    .requiredOption('--out <file>', words.out)
    .option('--name <text>', words.name, 'Qifeng')
    .option('--origin <prefix>', words.origin, 'qifeng.example')
    .option('--publishers <file>', words.publishers)
    .action((flags: NewFlags) =>
      run(async context => (await import('./handler.ts')).newGenesis(flags, context)),
    );
  describe(genesis.command('sign'), lang, words.signDescription)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .requiredOption('--genesis <file>', words.signGenesis)
    .action((flags: SignFlags) =>
      run(async context => (await import('./handler.ts')).signGenesis(flags, context)),
    );
  describe(genesis.command('show'), lang, words.showDescription)
    .argument('<file>', words.showFile)
    .action((file: string) =>
      run(async context => (await import('./handler.ts')).showGenesis(file, context)),
    );
}
