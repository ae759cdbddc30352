import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { ConfigError } from '../config/config.ts';
import { addCheck } from './commands/check.ts';
import { addCluster } from './commands/cluster.ts';
import { addGenesis } from './commands/genesis.ts';
import { addInit } from './commands/init.ts';
import { addStart } from './commands/start.ts';
import { CliError } from './home.ts';

const program = new Command('qifeng-node')
  .description('Qifeng 骑缝: run the node of a member province')
  .exitOverride()
  .showHelpAfterError('(qifeng-node --help lists the commands)');
addInit(program);
addGenesis(program);
addStart(program);
addCluster(program);
addCheck(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what, why and what next; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CliError) {
    console.error(`${pc.red('✗')} ${error.message}\n  next: ${error.next}`);
    return error.exit;
  }
  if (error instanceof ConfigError) {
    console.error(`${pc.red('✗')} ${error.code}: ${error.message}`);
    return 2;
  }
  console.error(error);
  return 70;
}
