import { addExamples, type Host } from '../../host.ts';
import { keyMessages } from '../../key-messages.ts';
import { commonMessages } from '../../messages.ts';
import { stampMessages } from '../stamp/messages.ts';
import { patienceOf, repeated } from '../stamp/options.ts';
import type { ActFlags } from './flags.ts';
import { act } from './handler.ts';
import { actMessages } from './messages.ts';

/** Adds `qifeng act` to the program. */
export function addAct({ program, lang, run }: Host): void {
  const words = actMessages(lang);
  const shared = stampMessages(lang);
  const keys = keyMessages(lang);
  const command = program
    .command('act')
    .summary(words.summary)
    .description(words.description)
    .argument('<subject>', words.subject)
    .argument('<action>', words.action)
    .argument('[file]', words.file)
    .option('--key <file>', keys.key)
    .option('--publisher <uscc>', keys.publisher)
    .option('--passphrase-file <file>', keys.passphraseFile)
    .option('--meta <k=v|@file>', shared.meta, repeated)
    .option('--sealed', shared.sealed)
    .option('--link <rel=subject>', words.link, repeated)
    .option('--prev <index>', words.prev)
    .option('--digest <alg>', commonMessages(lang).digestAlg)
    .option('--origin <file>', shared.origin)
    .option('--receipts <dir>', words.receipts)
    .option('--genesis <file>', shared.genesis)
    .option('--wait <duration>', shared.wait)
    .action((subject: string, action: string, file: string | undefined, flags: ActFlags) =>
      run(context => act({ subject, action, file, flags }, patienceOf(flags.wait, context), context)),
    );
  addExamples(command, lang, [
    'qifeng act policy/91350100M000100Y43/YF-2026-1 amend notice-2.pdf',
    'qifeng act policy/91350100M000100Y43/YF-2026-1 repeal --meta reason=expired',
  ]);
}
