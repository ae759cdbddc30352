import { helpOutput, helpSection, helpStyle, type Lang, type Streams, shellMessages } from '@qifeng/core';
import { Command } from 'commander';
import pc from 'picocolors';
import { addBackup } from './commands/backup/options.ts';
import { addCheck } from './commands/check/options.ts';
import { addCluster } from './commands/cluster/options.ts';
import { addGenesis } from './commands/genesis/options.ts';
import { addInit } from './commands/init/options.ts';
import { addJoin } from './commands/join/options.ts';
import { addMembers } from './commands/members/options.ts';
import { addObserver } from './commands/observer/options.ts';
import { addRepair } from './commands/repair/options.ts';
import { addRestore } from './commands/restore/options.ts';
import { addSnapshot } from './commands/snapshot/options.ts';
import { addStart } from './commands/start/options.ts';
import type { Host } from './context.ts';
import { commonMessages } from './messages.ts';

/** The whole command line in one language. Parsing throws CommanderError instead of ending the process. */
export function buildProgram(lang: Lang, streams: Streams, version: string, run: Host['run']): Command {
  const words = commonMessages(lang);
  const shell = shellMessages(lang);
  const paint = pc.createColors(streams.colour.out);
  const program = new Command('qifeng-node')
    .exitOverride()
    .configureOutput(helpOutput(streams))
    .configureHelp(helpStyle(lang, paint))
    .helpOption('-h, --help', shell.help)
    .helpCommand('help [command]', shell.helpCommand)
    .version(version, '-V, --version', shell.version)
    .description(words.tagline)
    .option('--json', shell.json)
    .option('--lang <zh|en>', shell.lang);
  const host: Host = { program, lang, run };
  addInit(host);
  addGenesis(host);
  addStart(host);
  addCluster(host);
  addObserver(host);
  addJoin(host);
  addMembers(host);
  addCheck(host);
  addRepair(host);
  addBackup(host);
  addRestore(host);
  addSnapshot(host);
  program.addHelpText('after', helpSection(paint.bold(shell.exitCodes), words.exitCodeList));
  return program;
}
