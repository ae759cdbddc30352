import { addExamples, type Host } from '../../host.ts';
import { stampMessages } from '../stamp/messages.ts';
import { profiles } from './handler.ts';
import { profilesMessages } from './messages.ts';

/** Adds `qifeng profiles` to the program. */
export function addProfiles({ program, lang, run }: Host): void {
  const words = profilesMessages(lang);
  const command = program
    .command('profiles')
    .summary(words.summary)
    .description(words.description)
    .argument('[name]', words.name)
    .option('--genesis <file>', stampMessages(lang).genesis)
    .action((name: string | undefined, flags: { readonly genesis?: string }) =>
      run(context => profiles(name, flags.genesis, context)),
    );
  addExamples(command, lang, ['qifeng profiles', 'qifeng profiles policy', 'qifeng profiles 电子票据']);
}
