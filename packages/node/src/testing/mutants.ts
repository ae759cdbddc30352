import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Violation } from './checkers/violation.ts';
import type { Profile } from './simulator/faults.ts';
import type { Protocol } from './simulator/replica.ts';
import { simulate } from './simulator/simulate.ts';

/** The protocol with one line broken on purpose. */
export interface Mutant {
  readonly name: string;
  /** The rule it breaks, as docs/PROTOCOL.md names it. */
  readonly rule: string;
  readonly file: string;
  /** Text that stands exactly once in the file, and what stands there in the mutant. */
  readonly line: string;
  readonly broken: string;
  /** Checkers that must not be the ones to find it: the others have to. */
  readonly deaf: readonly string[];
  /** The checker that finds it, with four replicas, in the schedule of this seed and profile (null: any). */
  readonly by: string;
  readonly seed: number;
  readonly profile: Profile | null;
}

const SOURCE = fileURLToPath(new URL('../consensus', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.mutants', import.meta.url));

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
  const source = readFileSync(path, 'utf8');
  const parts = source.split(mutant.line);
  if (parts.length !== 2)
    throw new Error(`mutant ${mutant.name}: its line stands ${parts.length - 1} times in ${mutant.file}`);
  writeFileSync(path, parts.join(mutant.broken));
  return (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'protocol.ts')).href)) as Protocol;
}

/** The violation that a mutant's schedule ends in, or null if it survives. */
export async function fight(mutant: Mutant, seed = mutant.seed): Promise<Violation | null> {
  const { deaf, profile } = mutant;
  try {
    simulate(await loadMutant(mutant), seed, 4, 100, profile === null ? { deaf } : { deaf, profile });
    return null;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

/** The rules a safe protocol cannot do without, each broken. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'view-binding',
    rule: 'a certificate is of one view',
    file: 'votes.ts',
    line: 'const signers = state.slots.get(view)?.votes[kind].get(height);',
    broken:
      'const signers = new Map([...state.slots.values()].flatMap(slot => [...(slot.votes[kind].get(height) ?? [])]));',
    deaf: [],
    by: 'certificates',
    seed: 1,
    profile: null,
  },
  {
    name: 'tip-first',
    rule: 'the tip is prepared before and instead of its ancestors',
    file: 'accept.ts',
    line: "signVote(state, 'prepare', tip);",
    broken:
      "for (const known of pathAbove(state, Math.min(state.low, tip.height - 1), tip) ?? []) signVote(state, 'prepare', known.block);",
    deaf: ['durability'],
    by: 'agreement',
    seed: 418,
    profile: null,
  },
  {
    name: 'height-before-view',
    rule: 'certificates are ordered by view first',
    file: 'votes.ts',
    line: 'return b === null || a.view > b.view || (a.view === b.view && a.height > b.height);',
    broken: 'return b === null || a.height > b.height || (a.height === b.height && a.view > b.view);',
    deaf: [],
    by: 'agreement',
    seed: 263,
    profile: 'ambush',
  },
  {
    name: 'quorum-minus-one',
    rule: 'q votes make a certificate',
    file: 'config.ts',
    line: 'return quorum(config.validators.length);',
    broken: 'return quorum(config.validators.length) - 1;',
    deaf: ['certificates'],
    by: 'agreement',
    seed: 74,
    profile: null,
  },
  {
    name: 'forgotten-vote',
    rule: 'an acceptance is on disk before its PREPARE',
    file: 'accept.ts',
    line: "persist(state, { type: 'accept', view: state.view, block });",
    broken: '',
    deaf: ['durability'],
    by: 'guard',
    seed: 2,
    profile: null,
  },
  {
    name: 'commit-after-view-change',
    rule: 'no COMMIT in a view after asking for a later one',
    file: 'votes.ts',
    line: 'if (leaving(state) || high === null || high.view !== state.view) return;',
    broken: 'if (high === null || high.view !== state.view) return;',
    deaf: ['guard', 'signatures'],
    by: 'agreement',
    seed: 275,
    profile: null,
  },
];
