import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Chain, CliError, EXIT, MAX_GENESIS_BYTES, readGenesis } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { PinFolder } from '../register/pins.ts';
import { Register } from '../register/register.ts';
import type { Context } from './context.ts';
import { faultText } from './fault-text.ts';
import { readSmall } from './files.ts';
import { genesisFile } from './home.ts';
import { commonMessages } from './messages.ts';

/** The chain to verify against: `--genesis`, else the home's, else null. Throws complaints with exit code 2. */
export async function findChain(option: string | undefined, context: Context): Promise<Chain | null> {
  const { home, io, lang } = context;
  const words = commonMessages(lang);
  const path = option === undefined ? genesisFile(home) : resolve(io.cwd, option);
  if (option === undefined && !existsSync(path)) return null;
  const shown = option ?? path;
  const bytes = await readSmall(path, shown, MAX_GENESIS_BYTES, context);
  const chain = readGenesis(bytes, nativeSuite);
  if (!chain.ok) {
    const { code } = chain.fault;
    if (code === 'wrong-suite') {
      const complaint = {
        what: words.otherSuite(shown),
        why: faultText(chain.fault, lang),
        next: words.otherSuiteNext,
      };
      throw new CliError(EXIT.usage, 'unsupported-suite', complaint);
    }
    const complaint = {
      what: words.badGenesis(shown),
      why: `${code}: ${faultText(chain.fault, lang)}`,
      next: words.badGenesisNext,
    };
    throw new CliError(EXIT.usage, 'bad-genesis', complaint);
  }
  return chain.value;
}

/** `findChain` for a command that cannot do without: `no-genesis` where there is none. */
export async function requireChain(option: string | undefined, context: Context): Promise<Chain> {
  const chain = await findChain(option, context);
  if (chain !== null) return chain;
  const words = commonMessages(context.lang);
  throw new CliError(EXIT.usage, 'no-genesis', {
    what: words.noGenesis,
    why: words.noGenesisWhy(genesisFile(context.home)),
    next: words.noGenesisNext,
  });
}

/** Names on a chain, with what the home has pinned. */
export function registerOf(chain: Chain, { home }: Pick<Context, 'home'>): Register {
  return new Register(chain, nativeSuite, new PinFolder(home));
}
