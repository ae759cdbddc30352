import { helpOutput, helpSection, helpStyle, type Preview, shellMessages } from '@qifeng/core';
import { Command } from 'commander';
import pc from 'picocolors';
import { addAct } from './commands/act/options.ts';
import { addAnchor } from './commands/anchor/options.ts';
import { addAudit } from './commands/audit/options.ts';
import { addBench } from './commands/bench/options.ts';
import { addHistory } from './commands/history/options.ts';
import { addInfo } from './commands/info/options.ts';
import { addKeys } from './commands/keys/options.ts';
import { addPolicy } from './commands/policy/options.ts';
import { addPresent } from './commands/present/options.ts';
import { addProfiles } from './commands/profiles/options.ts';
import { addPublishers } from './commands/publishers/options.ts';
import { addReport } from './commands/report/options.ts';
import { addSearch } from './commands/search/options.ts';
import { addStamp } from './commands/stamp/options.ts';
import { addStatus } from './commands/status/options.ts';
import { addVerify } from './commands/verify/options.ts';
import { addWatch } from './commands/watch/options.ts';
import type { Host } from './host.ts';
import type { Io } from './io.ts';
import { commonMessages } from './messages.ts';

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  readonly node?: readonly string[];
  readonly json?: true;
  readonly lang?: string;
  readonly home?: string;
}

/** The whole command line in one language. Parsing throws CommanderError instead of ending the process. */
export function buildProgram({ lang }: Preview, io: Io, version: string, run: Host['run']): Command {
  const words = commonMessages(lang);
  const shell = shellMessages(lang);
  const paint = pc.createColors(io.colour.out);
  const program = new Command('qifeng')
    .exitOverride()
    .configureOutput(helpOutput(io))
    .configureHelp(helpStyle(lang, paint))
    .helpOption('-h, --help', shell.help)
    .helpCommand('help [command]', shell.helpCommand)
    .version(version, '-V, --version', shell.version)
    .description(words.tagline)
    .option('--node <url>', words.node, (url: string, before: readonly string[] = []) => [...before, url])
    .option('--json', shell.json)
    .option('--lang <zh|en>', shell.lang)
    .option('--home <dir>', words.home);
  const host: Host = { program, lang, run };
  addStamp(host);
  addAct(host);
  addVerify(host);
  addInfo(host);
  addStatus(host);
  addPresent(host);
  addHistory(host);
  addSearch(host);
  addProfiles(host);
  addWatch(host);
  addPolicy(host);
  addAnchor(host);
  addAudit(host);
  addReport(host);
  addBench(host);
  addKeys(host);
  addPublishers(host);
  program.addHelpText('after', helpSection(paint.bold(shell.exitCodes), words.exitCodeList));
  return program;
}
