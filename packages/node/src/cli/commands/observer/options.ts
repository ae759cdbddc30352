import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import type { ObserverFlags } from './handler.ts';
import { observerMessages } from './messages.ts';

/** Adds `qifeng-node observer` to the program. */
export function addObserver({ program, lang, run }: Host): void {
  const words = observerMessages(lang);
  describe(program.command('observer'), lang, words.description)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .requiredOption('--genesis <file>', words.genesis)
    .requiredOption('--out <file>', words.out)
    .option('--name <text>', words.name)
    .option('--address <multiaddr...>', words.address)
    .action((flags: ObserverFlags) =>
      run(async context => (await import('./handler.ts')).observer(flags, context)),
    );
}
