import { settle } from './fair.ts';
import { type ModelMutant, rulesOf } from './mutants.ts';
import { RULES } from './rules.ts';
import { type Reached, walk } from './walk.ts';
import { Broken } from './world.ts';

/** What enough walks must have come to, each more often than never: a walk that never gets there proves nothing. */
const KINDS: Readonly<Record<string, (reached: Reached) => boolean>> = {
  'a block committed': ({ commitView }) => commitView >= 0,
  'a commit in view 2 or later': ({ commitView }) => commitView >= 2,
  'a commit in view 4 or later': ({ commitView }) => commitView >= 4,
  'a block carried over and committed': ({ carried }) => carried,
  'a certificate left behind': ({ contested }) => contested,
  'height 3 committed': ({ height }) => height >= 3,
  'a final block': ({ final }) => final > 0,
  'a commit in epoch 1 or later': ({ epoch }) => epoch >= 1,
  'a commit in epoch 2 or later': ({ epoch }) => epoch >= 2,
  'a memory lost': ({ amnesiacs }) => amnesiacs > 0,
};

/** What walks came to. */
export interface Tally {
  walks: number;
  steps: number;
  /** How many walks reached each kind of thing. */
  readonly reached: Record<string, number>;
  /** How many walks settled within so many rounds of a fair network. */
  readonly rounds: Map<number, number>;
}

/** Nothing walked yet. */
export function emptyTally(): Tally {
  const reached = Object.fromEntries(Object.keys(KINDS).map(kind => [kind, 0]));
  return { walks: 0, steps: 0, reached, rounds: new Map() };
}

/** Kinds that no walk reached. */
export function neverReached({ reached }: Tally): string[] {
  return Object.keys(reached).filter(kind => reached[kind] === 0);
}

/** What is walked: the model or a mutant, with or without the liveness check at the end. */
export interface Subject {
  readonly n: number;
  readonly mutant?: ModelMutant | undefined;
  readonly liveness?: boolean;
  readonly log?: (line: string) => void;
}

/** One walk; null, or what it broke. */
export function tryWalk(
  { n, mutant, liveness = false, log }: Subject,
  seed: number,
  tally: Tally,
): Broken | null {
  const rules = mutant === undefined ? RULES : rulesOf(mutant);
  try {
    const { world, steps, reached } = walk({
      n,
      seed,
      rules,
      sparing: liveness,
      ...(log === undefined ? {} : { log }),
    });
    tally.walks++;
    tally.steps += steps;
    for (const [kind, is] of Object.entries(KINDS)) if (is(reached)) tally.reached[kind]!++;
    if (!liveness) return null;
    log?.('the network is fair from here on');
    const rounds = settle(world);
    tally.rounds.set(rounds, (tally.rounds.get(rounds) ?? 0) + 1);
    return null;
  } catch (error) {
    if (error instanceof Broken) return error;
    throw error;
  }
}

/** The first of so many walks that a mutant does not come through, counted from 1, or null. */
export function findWalk(
  mutant: ModelMutant,
  n: number,
  from: number,
  walks: number,
): { walk: number; broken: Broken } | null {
  const subject = { n, mutant, liveness: mutant.by === 'liveness' };
  const tally = emptyTally();
  for (let walk = 1; walk <= walks; walk++) {
    const broken = tryWalk(subject, from + walk - 1, tally);
    if (broken !== null) return { walk, broken };
  }
  return null;
}

/** Walks seeds from `from` on until `enough`; throws what a walk broke, with the command that shows it step by step. */
export function runWalks(
  subject: Subject,
  from: number,
  enough: (tally: Tally) => boolean,
  tally: Tally = emptyTally(),
): Tally {
  for (let seed = from; !enough(tally); seed++) {
    const broken = tryWalk(subject, seed, tally);
    if (broken !== null)
      throw new Error(`${broken.message}\n  in walk ${seed}: ${replayOf(subject, seed)}`, { cause: broken });
  }
  return tally;
}

function replayOf({ n, mutant, liveness }: Subject, seed: number): string {
  const more = `${mutant === undefined ? '' : ` --mutant ${mutant.name}`}${liveness ? ' --liveness' : ''}`;
  return `npm run model -- --n ${n} --seed ${seed} --walks 1 --steps${more}`;
}
