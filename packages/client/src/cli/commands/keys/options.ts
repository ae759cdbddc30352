import { addExamples, type Host } from '../../host.ts';
import { keyMessages } from '../../key-messages.ts';
import type { KeyFlags } from '../../keys.ts';
import { encryptKey, type NewKeyFlags, newPublisherKey, showKey } from './handler.ts';
import { keysMessages } from './messages.ts';

/** Adds `qifeng keys` with `new`, `show` and `encrypt` to the program. */
export function addKeys({ program, lang, run }: Host): void {
  const words = keysMessages(lang);
  const shared = keyMessages(lang);
  const keys = program.command('keys').summary(words.summary).description(words.description);
  const make = keys
    .command('new')
    .summary(words.newSummary)
    .description(words.newDescription)
    .requiredOption('--publisher <uscc>', words.publisher)
    .option('--default', words.makeDefault)
    .option('--passphrase-file <file>', shared.passphraseFile)
    .option('--no-passphrase', words.noPassphrase)
    .action((flags: NewKeyFlags) => run(context => newPublisherKey(flags, context)));
  addExamples(make, lang, ['qifeng keys new --publisher 91350100M000100Y43 --default']);
  keys
    .command('show')
    .summary(words.showSummary)
    .description(words.showDescription)
    .argument('[key]', shared.key)
    .option('--publisher <uscc>', shared.publisher)
    .option('--passphrase-file <file>', shared.passphraseFile)
    .action((key: string | undefined, flags: KeyFlags) =>
      run(context => showKey({ ...flags, ...(key !== undefined && { key }) }, context)),
    );
  keys
    .command('encrypt')
    .summary(words.encryptSummary)
    .description(words.encryptDescription)
    .argument('[key]', shared.key)
    .option('--publisher <uscc>', shared.publisher)
    .option('--passphrase-file <file>', shared.passphraseFile)
    .action((key: string | undefined, flags: KeyFlags) =>
      run(context => encryptKey({ ...flags, ...(key !== undefined && { key }) }, context)),
    );
}
