import { type ExitCode, usageFault } from '@qifeng/core';
import { KeyError, passphraseIn } from '../config/node-keys.ts';
import type { Context } from './context.ts';
import { commonMessages } from './messages.ts';

type Environment = Context['streams']['env'];

/**
 * The environment by which new keys of a home are made: with the passphrase that it has, else with what is typed twice. Where
 * nobody can be asked they are plain, and that is said; with `--no-passphrase` they are plain without a word.
 */
export async function environmentOfNewKeys(
  home: string,
  { passphrase }: { readonly passphrase: boolean },
  { lang, streams: { env, stderr }, askSecret }: Context,
): Promise<Environment> {
  const words = commonMessages(lang);
  if (!passphrase) return {};
  if (passphraseIn(env) !== null) return env;
  if (askSecret === null) {
    stderr(`${words.plainKeys(home)}\n`);
    return env;
  }
  const typed = await askSecret(words.askNewPassphrase(home));
  if (typed === '') throw usageFault('no-passphrase', words.emptyPassphrase, words.orPlain);
  if ((await askSecret(words.askAgain)) !== typed)
    throw usageFault('passphrases-differ', words.passphrasesDiffer, words.runAgain);
  return withPassphrase(env, typed);
}

/**
 * Runs a handler; if it finds keys that are encrypted and somebody can be asked, once more with the passphrase that is typed.
 * Handlers open a home before they change anything.
 */
export async function withOpenKeys(
  handler: (context: Context) => Promise<ExitCode>,
  context: Context,
): Promise<ExitCode> {
  const { askSecret, streams, lang } = context;
  try {
    return await handler(context);
  } catch (error) {
    if (!(error instanceof KeyError) || error.code !== 'key-encrypted' || askSecret === null) throw error;
    const env = withPassphrase(streams.env, await askSecret(commonMessages(lang).askPassphrase(error.file)));
    return handler({ ...context, streams: { ...streams, env } });
  }
}

function withPassphrase(env: Environment, passphrase: string): Environment {
  return { ...env, QIFENG_NODE_PASSPHRASE: passphrase };
}
