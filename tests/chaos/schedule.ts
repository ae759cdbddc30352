import { faultsTolerated } from '@qifeng/core';
import { Random } from '../../packages/node/src/testing/simulator/random.ts';
import { BEHAVIOURS, STAGED } from './byzantine/behaviours.ts';
import { flippedByte } from './faults/damage.ts';
import { fullDisk, wipedDisk } from './faults/disks.ts';
import type { Fault } from './faults/fault.ts';
import {
  blackhole,
  isolateLeader,
  minority,
  muteLeader,
  resets,
  slowLinks,
  split,
} from './faults/partitions.ts';
import { kill, killLeader, killTooMany, pauseLeader, powerCut, restartStorm } from './faults/processes.ts';

/** Faults after which a network is as it was. */
const PASSING: Readonly<Record<string, Fault>> = {
  kill,
  'kill-leader': killLeader,
  'kill-too-many': killTooMany,
  'pause-leader': pauseLeader,
  'restart-storm': restartStorm,
  'power-cut': powerCut,
  minority,
  'isolate-leader': isolateLeader,
  'mute-leader': muteLeader,
  blackhole,
  split,
  'slow-links': slowLinks,
  resets,
  'full-disk': fullDisk,
  'flipped-byte': flippedByte,
};

/** All faults by name. The last one costs a key its vote for good, so that it ends a round. */
export const FAULTS: Readonly<Record<string, Fault>> = { ...PASSING, 'wiped-disk': wipedDisk };

/** Faults in one round that pass. */
const IN_A_ROUND = 5;
/** One round in so many has a Byzantine member. */
const LIARS = 3;

/** Ways to lie that need nothing done for their turn to come. */
const ANYWHERE = Object.keys(BEHAVIOURS).filter(name => !STAGED.includes(name));

/** Members that lie, all in the same ways. */
export interface Lies {
  readonly seats: readonly number[];
  readonly behaviours: readonly string[];
}

/** What happens to one fresh network. */
export interface Round {
  readonly number: number;
  /** Of every choice that the faults and the load make in it. */
  readonly seed: number;
  readonly lies: Lies | null;
  readonly faults: readonly string[];
}

/** A round of the schedule with this seed: the same for the same seed, and over the rounds every fault in its turn. */
export function roundOf(seed: number, number: number, n: number, names = Object.keys(PASSING)): Round {
  const random = new Random(Math.imul(seed, 0x9e37_79b1) + number);
  const faults = Array.from({ length: Math.min(IN_A_ROUND, names.length) }, (_, i) =>
    dealt(seed, number * IN_A_ROUND + i, names),
  );
  const seats = Array.from({ length: n }, (_, seat) => seat);
  const lies =
    number % LIARS === LIARS - 1
      ? {
          seats: random.sample(seats, random.between(1, faultsTolerated(n))),
          behaviours: random.sample(ANYWHERE, random.between(1, 2)),
        }
      : null;
  // Behind a liar nobody else may lose its vote too.
  const last = lies !== null || names.length < Object.keys(PASSING).length ? [] : ['wiped-disk'];
  return { number, seed: random.between(0, 0xffff_ffff), lies, faults: [...faults, ...last] };
}

/** The card at a place when all of them are dealt over and over, each time shuffled anew. */
function dealt(seed: number, place: number, names: readonly string[]): string {
  const deck = Math.floor(place / names.length);
  return new Random(Math.imul(seed, 31) + deck).sample(names, names.length)[place % names.length]!;
}

/** A round in one line. */
export function describeRound({ number, seed, lies, faults }: Round): string {
  return `round ${number}, seed ${seed}${describeLies(lies)}: ${faults.join(', ')}`;
}

function describeLies(lies: Lies | null): string {
  if (lies === null) return '';
  const { seats, behaviours } = lies;
  return `, node${seats.length === 1 ? '' : 's'} ${seats.join(', ')} lie${seats.length === 1 ? 's' : ''} (${behaviours.join(', ')})`;
}
