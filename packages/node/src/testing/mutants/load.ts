import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as protocol from '../../consensus/protocol.ts';
import { broken } from '../broken.ts';
import { Violation } from '../checkers/violation.ts';
import type { Protocol } from '../simulator/packets.ts';
import type { Options } from '../simulator/report.ts';
import type { Profile } from '../simulator/shape.ts';
import { simulate } from '../simulator/simulate.ts';
import type { Draft, Mutant } from './mutant.ts';

const SOURCE = fileURLToPath(new URL('../../consensus', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.mutants', import.meta.url));
/** Blocks of the schedules that mutants run in: those that kill do so early, or never. */
export const COMMITS = 100;

/** Copies the protocol's sources with the mutant's line in place of the right one, and loads the copy. */
export async function loadMutant(
  mutant: Pick<Mutant, 'name' | 'file' | 'line' | 'broken'>,
): Promise<Protocol> {
  const folder = join(CACHE, mutant.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(SOURCE)) {
    if (file.endsWith('.ts') && !file.endsWith('.test.ts')) cpSync(join(SOURCE, file), join(folder, file));
  }
  const path = join(folder, mutant.file);
  writeFileSync(path, broken(readFileSync(path, 'utf8'), mutant));
  return (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'protocol.ts')).href)) as Protocol;
}

/** How a mutant's schedule is run. */
export function optionsOf({
  deaf,
  profile,
  ...more
}: Pick<Draft, 'deaf' | 'expiry' | 'snapshots'> & { readonly profile: Profile | null }): Options {
  const { expiry = false, snapshots = false } = more;
  return { deaf: deaf ?? [], expiry, snapshots, ...(profile !== null && { profile }) };
}

/** The violation that one schedule of a protocol ends in, or null if it passes. */
export function fight(protocol: Protocol, n: number, seed: number, options: Options): Violation | null {
  try {
    simulate(protocol, seed, n, COMMITS, options);
    return null;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

/** Where a mutant died. */
export interface Death {
  readonly seed: number;
  readonly profile: Profile | null;
  readonly n: number;
  readonly violation: Violation;
}

/** The first schedule that kills it, of four replicas first and all profiles. */
export async function findKiller(mutant: Draft, seeds: number): Promise<Death | null> {
  const protocol = await loadMutant(mutant);
  for (let seed = 1; seed <= seeds; seed++) {
    for (const [n, profile] of [
      [4, null],
      [4, 'ambush'],
      [4, 'byzantine'],
      [4, 'rough'],
      [4, 'service'],
    ] as const) {
      const violation = fight(protocol, n, seed, optionsOf({ ...mutant, profile }));
      if (violation !== null) return { seed, profile, n, violation };
    }
  }
  return null;
}

/** What became of a mutant in the schedule kept for it, and of the protocol itself in the same one; null: it passed. */
export async function trial(
  mutant: Mutant,
): Promise<{ readonly mutant: string | null; readonly itself: string | null }> {
  const { n, seed } = mutant;
  const options = optionsOf(mutant);
  const killed = fight(await loadMutant(mutant), n, seed, options);
  const itself = fight(protocol, n, seed, options);
  return { mutant: killed?.checker ?? null, itself: itself?.message ?? null };
}
