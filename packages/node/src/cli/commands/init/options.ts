import { DEFAULT_CONFIG } from '../../../config/config.ts';
import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import type { InitFlags } from './handler.ts';
import { initMessages } from './messages.ts';

/** Adds `qifeng-node init` to the program. */
export function addInit({ program, lang, run }: Host): void {
  const words = initMessages(lang);
  describe(program.command('init'), lang, words.description)
    .requiredOption('--member <code>', words.member)
    .requiredOption('--home <dir>', words.home)
    .option('--http-port <port>', words.httpPort, String(DEFAULT_CONFIG.http.port))
    .option('--p2p-port <port>', words.p2pPort, String(DEFAULT_CONFIG.p2p.port))
    .option('--no-passphrase', commonMessages(lang).noPassphrase)
    .action((flags: InitFlags) => run(async context => (await import('./handler.ts')).init(flags, context)));
}
