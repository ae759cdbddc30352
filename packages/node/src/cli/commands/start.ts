import type { Command } from 'commander';
import { openNodeHome } from '../../config/node-home.ts';
import { AmnesiaError } from '../../engine/engine.ts';
import { type Log, type RunningNode, startNode } from '../../node.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** `start --home DIR`: runs a node in the foreground until SIGINT or SIGTERM. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('run a node in the foreground; Ctrl-C stops it')
    .requiredOption('--home <dir>', "the node's home")
    .action(async (options: { home: string }) => {
      const home = openNodeHome(options.home, process.env);
      const log = jsonLog(home.config.log.level);
      const fatal = (error: unknown): void => {
        log('error', 'fatal', {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
        // Nothing may be written or sent after this: no graceful stop.
        process.exit(70);
      };
      process.on('uncaughtException', fatal);
      process.on('unhandledRejection', fatal);
      let node: RunningNode;
      try {
        node = await startNode(home, log, fatal);
      } catch (error) {
        const { code = 'start-failed', message } = error as Error & { code?: string };
        log('error', code, { error: message });
        const next =
          error instanceof AmnesiaError ? 'see "Amnesia" in docs/OPERATIONS.md' : `see ${home.path}`;
        console.error(`✗ ${code}: ${message}\n  next: ${next}`);
        // What is half open (workers, sockets) must not keep a node alive that does not run.
        process.exit(1);
      }
      const stop = (): void => {
        node.stop().then(() => process.exit(0), fatal);
      };
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
    });
}

/** One JSON object a line on standard error. */
function jsonLog(level: string): Log {
  const least = LEVELS.indexOf(level);
  return (of, event, fields = {}) => {
    if (LEVELS.indexOf(of) < least) return;
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), level: of, event, ...fields })}\n`,
    );
  };
}
