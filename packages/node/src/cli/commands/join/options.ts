import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import type { JoinFlags } from './handler.ts';
import { joinMessages } from './messages.ts';

/** Adds `qifeng-node join` to the program. */
export function addJoin({ program, lang, run }: Host): void {
  const words = joinMessages(lang);
  describe(program.command('join'), lang, words.description)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .option('--out <file>', words.out)
    .option('--address <multiaddr...>', words.address)
    .option('--new-keys', words.newKeys)
    .option('--no-passphrase', commonMessages(lang).noPassphrase)
    .action((flags: JoinFlags) =>
      run(async context => (await import('./handler.ts')).joinSet(flags, context)),
    );
}
