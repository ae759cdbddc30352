import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode, genesisCodec, type Lang } from '@qifeng/core';
import { LONE_CHAIN, startLone, submitTo } from '../../../../../tests/fixtures/lone-validator.ts';
import { DEFAULT_CONFIG } from '../../config/config.ts';
import { pathsIn } from '../../config/node-home.ts';
import { openGuardFile } from '../../storage/file-guard.ts';
import { openFileLog } from '../../storage/file-log.ts';
import type { KeyValue } from '../../storage/key-value.ts';
import { openLevel } from '../../storage/level-key-value.ts';
import { openLevelStore } from '../../storage/level-store.ts';
import { createVerificationPool } from '../../verification/pool.ts';
import { newHome } from '../new-home.ts';
import { run } from '../run.ts';

/** Makes the home of the one validator of a chain, with this many documents recorded by its real node. */
export async function loneHome(path: string, documents: number): Promise<void> {
  newHome(path, LONE_CHAIN.validators[0]!.code, DEFAULT_CONFIG);
  writeFileSync(join(path, 'genesis.cbor'), encode(genesisCodec, LONE_CHAIN.genesis));
  await whileRunning(path, async submit => {
    for (let number = 1; number <= documents; number++) await submit(number);
  });
}

/** Runs the node of a home; what it is told to record is final when `submit` resolves, or it gives why not. */
export async function whileRunning<T>(
  path: string,
  work: (submit: (number: number, waitMs?: number) => Promise<string>) => Promise<T>,
): Promise<T> {
  const { db, wal, guard } = pathsIn(path);
  const store = await openLevelStore(db);
  const log = await openFileLog(wal);
  const pool = createVerificationPool({ workers: 1 });
  const fatal = (error: unknown): void => {
    throw error;
  };
  try {
    const ports = { store, wal: log, guard: openGuardFile(guard), pool, told: () => {}, fatal };
    const node = await startLone(ports);
    try {
      return await work(async (number, waitMs = 10_000) => (await submitTo(node, number, waitMs)).type);
    } finally {
      await node.stop();
    }
  } finally {
    await log.close();
    await store.close();
    await pool.close();
  }
}

/** Does something to the LevelDB of a home. */
export async function inLevel<T>(path: string, work: (level: KeyValue) => Promise<T>): Promise<T> {
  const level = await openLevel(pathsIn(path).db);
  try {
    return await work(level);
  } finally {
    await level.close();
  }
}

/** How a command ended, and what it said as JSON. */
export interface Said {
  readonly exit: number;
  // What commands print differs; tests look at single fields.
  // biome-ignore lint/suspicious/noExplicitAny: any JSON value
  readonly json: any;
  readonly text: string;
}

/** `qifeng-node` in this process: `--json`, or as a person reads it in a language. */
export async function command(args: readonly string[], lang?: Lang): Promise<Said> {
  let text = '';
  const write = (part: string): void => {
    text += part;
  };
  const exit = await run([...args, ...(lang === undefined ? ['--json'] : ['--lang', lang])], {
    stdout: write,
    stderr: write,
    env: {},
    columns: undefined,
    colour: { out: false, err: false },
  });
  return { exit, text, json: lang === undefined ? JSON.parse(text) : null };
}
