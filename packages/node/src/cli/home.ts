import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NodeHome, openNodeHome, pathsIn } from '../config/node-home.ts';
import { fault } from './complaints.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `--home`, else QIFENG_HOME, else `./.qifeng`. Absolute. */
export function homeOf(option: string | undefined, env: Environment): string {
  return resolve(option || env['QIFENG_HOME'] || '.qifeng');
}

/** `openNodeHome` with a complaint for a person where there is none. */
export function openHome(path: string, env: Environment): NodeHome {
  const { keys } = pathsIn(path);
  if (!existsSync(keys)) throw fault('no-node-home', path);
  return openNodeHome(path, env);
}

/** The seeds that ship with the project. */
export function seedsFolder(): string {
  for (let folder = fileURLToPath(new URL('.', import.meta.url)); ; folder = join(folder, '..')) {
    if (existsSync(join(folder, 'seeds', 'members.json'))) return join(folder, 'seeds');
    if (folder === join(folder, '..')) throw fault('no-seeds');
  }
}
