import { join } from 'node:path';
import { EXIT, type ExitCode } from '@qifeng/core';
import type { Log } from '../../../node.ts';
import { openChain } from '../../chain.ts';
import type { Context } from '../../context.ts';
import { openHome } from '../../home.ts';
import { type RunningNode, startNode } from '../../running-node.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** Runs a node in the foreground until SIGINT or SIGTERM. */
export async function start(path: string, { streams }: Context): Promise<ExitCode> {
  const home = openHome(path, streams.env);
  openChain(join(home.path, 'genesis.cbor'));
  const log = jsonLog(home.config.log.level, streams.stderr);
  const fatal = (error: unknown): void => {
    log('error', 'fatal', {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    // Nothing may be written or sent after this: no graceful stop.
    process.exit(EXIT.broken);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
  let node: RunningNode;
  try {
    node = await startNode(home, log, fatal);
  } catch (error) {
    const { code = 'start-failed', message } = error as Error & { code?: string };
    log('error', code, { error: message });
    throw error;
  }
  await new Promise(stop => {
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
  await node.stop().catch(fatal);
  return EXIT.done;
}

/** One JSON object a line on standard error. */
function jsonLog(level: string, write: (line: string) => void): Log {
  const least = LEVELS.indexOf(level);
  return (of, event, fields = {}) => {
    if (LEVELS.indexOf(of) < least) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level: of, event, ...fields })}\n`);
  };
}
