import type { Random } from '../simulator/random.ts';
import { attempt } from './action.ts';
import { COSIGN, EXECUTE, FINAL, LEARN } from './deciding.ts';
import { BACK_UP, RESTART, RESTORE, WIPE } from './memory.ts';
import { ACCEPT, CARRY, COMMIT, LOCK, toCommit } from './ordering.ts';
import {
  ancestorAt,
  type Block,
  type Certificate,
  type Epoch,
  type Replica,
  type Report,
  topOf,
} from './state.ts';
import { ASK, ENTER, OPEN } from './views.ts';
import type { World } from './world.ts';

/** Views of one epoch that a walk goes to at most. */
const MAX_VIEW = 6;

/** A walk as a move sees it. */
export interface Walker {
  readonly world: World;
  readonly random: Random;
  /** Blocks above an epoch's base at most. */
  readonly maxHeight: number;
  /** Whether barrier blocks are made. */
  readonly barriers: boolean;
  /** Whether q sound replicas must be left in every epoch. */
  readonly sparing: boolean;
  /** Who takes part now: the others are cut off. */
  awake: readonly Replica[];
  /** Chance that a group's replica is backed up, put back or restarted in the middle of what the group does. */
  readonly mishaps: number;
}

/** How often each replica of a group takes part in what the group does. */
const TAKES_PART = 0.8;

/** One attempt each; most random arguments are right ones, some are not, and the guard has to say so. */
export const MOVES = {
  propose: (walker: Walker, replica: Replica): void => {
    const block = drawBlock(walker, replica);
    if (block !== null) attempt(ACCEPT, walker.world, replica, block);
  },
  carry: ({ world }: Walker, replica: Replica): void => {
    attempt(CARRY, world, replica);
  },
  lock: ({ world, random }: Walker, replica: Replica): void => {
    const { disk } = replica;
    const view = random.chance(0.9) ? disk.view : random.between(0, MAX_VIEW);
    const certificate = pickCertificate(world, random, disk.epoch, view);
    if (certificate !== null) attempt(LOCK, world, replica, certificate);
  },
  commit: ({ world, random }: Walker, replica: Replica): void => {
    // Some of the COMMITs may be lost: the rest are sent no less.
    const lost = random.chance(0.3);
    for (const block of toCommit(replica))
      if (!lost || random.chance(0.5)) attempt(COMMIT, world, replica, block);
  },
  learn: ({ world, random }: Walker, replica: Replica): void => {
    const { committed } = world;
    const height = random.chance(0.5)
      ? committed.height
      : random.between(replica.committed.height, committed.height);
    attempt(LEARN, world, replica, ancestorAt(committed, height));
  },
  execute: ({ world }: Walker, replica: Replica): void => {
    attempt(EXECUTE, world, replica);
  },
  cosign: ({ world, random }: Walker, replica: Replica): void => {
    const { disk } = replica;
    attempt(COSIGN, world, replica, random.chance(0.9) ? disk.executed : topOf(disk));
  },
  final: ({ world, random }: Walker, replica: Replica): void => {
    const height = random.chance(0.5) ? world.final.height : random.between(0, world.final.height);
    attempt(FINAL, world, replica, ancestorAt(world.final, height));
  },
  ask: ({ world, random }: Walker, replica: Replica): void => {
    const { asked, view } = replica.disk;
    const next = Math.max(asked, view) + (random.chance(0.8) ? 1 : random.between(2, MAX_VIEW));
    if (next <= MAX_VIEW) attempt(ASK, world, replica, next);
  },
  enter: ({ world, random }: Walker, replica: Replica): void => {
    const { view, asked, epoch } = replica.disk;
    const views = [...epoch.changes.keys()].filter(one => one > view && one >= asked);
    if (views.length === 0) return;
    const entered = random.pick(views);
    attempt(ENTER, world, replica, entered, drawReports(world, random, epoch, entered));
  },
  open: ({ world }: Walker, replica: Replica): void => {
    attempt(OPEN, world, replica);
  },
  restart: ({ world }: Walker, replica: Replica): void => {
    attempt(RESTART, world, replica);
  },
  backUp: ({ world }: Walker, replica: Replica): void => {
    attempt(BACK_UP, world, replica);
  },
  restore: ({ world, sparing }: Walker, replica: Replica): void => {
    if (!sparing || maySpare(world, replica)) attempt(RESTORE, world, replica);
  },
  wipe: ({ world, sparing }: Walker, replica: Replica): void => {
    if (!sparing || maySpare(world, replica)) attempt(WIPE, world, replica);
  },
};

/** What a group does together: deep states are many such steps away, and single ones seldom make them. */
export const GROUP_MOVES = {
  /** One block of the normal case, or what comes of it. */
  order: (walker: Walker): void => {
    for (const move of [MOVES.propose, MOVES.lock, MOVES.commit]) together(walker, move);
  },
  /** All go on to one view. */
  turn: (walker: Walker): void => {
    const { awake, world } = walker;
    const view = Math.max(...awake.map(({ disk }) => Math.max(disk.asked, disk.view))) + 1;
    if (view > MAX_VIEW) return;
    together(walker, (_, replica) => {
      for (let next = replica.disk.asked + 1; next <= view; next++) attempt(ASK, world, replica, next);
    });
    together(walker, MOVES.enter);
    together(walker, MOVES.carry);
  },
  /** One learns alone that blocks are PREPARED, and is cut off while the others go on to the next view without it. */
  ambush: (walker: Walker): void => {
    const { random, awake } = walker;
    const alone = random.pick(awake);
    for (let blocks = random.between(1, 3); blocks > 0; blocks--) together(walker, MOVES.propose);
    MOVES.lock(walker, alone);
    const others = awake.filter(one => one !== alone);
    if (others.length === 0) return;
    walker.awake = others;
    GROUP_MOVES.turn(walker);
    GROUP_MOVES.order(walker);
  },
  /** What is committed is executed, cosigned and final. */
  finish: (walker: Walker): void => {
    for (const move of [MOVES.learn, MOVES.execute, MOVES.execute, MOVES.cosign, MOVES.final, MOVES.open])
      together(walker, move);
  },
};

function together(walker: Walker, move: (walker: Walker, replica: Replica) => void): void {
  const { random, awake, mishaps } = walker;
  for (const replica of awake) {
    if (random.chance(mishaps))
      MOVES[random.pick(['backUp', 'restore', 'restart'] as const)](walker, replica);
    if (random.chance(TAKES_PART)) move(walker, replica);
  }
}

/** Whether every epoch can lose one more replica's memory. */
function maySpare(world: World, replica: Replica): boolean {
  const epochs = [world.genesis, ...world.blocks].flatMap(({ opens }) => opens ?? []);
  return epochs.every(
    ({ keys }) =>
      soundOf(
        world,
        keys.filter(key => key !== replica.key),
      ) >= world.rules.quorum(keys.length),
  );
}

/** How many of these keys are honest and remember all. */
function soundOf({ replicas }: World, keys: readonly number[]): number {
  return keys.filter(key => replicas.get(key)?.amnesiac === false).length;
}

function drawBlock(walker: Walker, replica: Replica): Block | null {
  const { world, random } = walker;
  const { disk } = replica;
  const kind = random.next();
  const parent =
    kind < 0.75
      ? topOf(disk)
      : kind < 0.9
        ? replica.committed
        : kind < 0.95
          ? disk.low
          : random.pick([disk.epoch.base, ...world.blocks]);
  if (parent.height >= disk.epoch.base.height + walker.maxHeight) return null;
  const siblings = world.blocks.filter(one => one.parent === parent && one.epoch === disk.epoch);
  // What others accepted in this view is the likeliest proposal.
  const proposed = siblings.filter(({ prepares }) => (prepares[disk.view] ?? 0) !== 0);
  if (proposed.length > 0 && random.chance(0.85)) return random.pick(proposed);
  if (siblings.length > 0 && (siblings.length > 1 || random.chance(0.6))) return random.pick(siblings);
  const barrier = walker.barriers && random.chance(0.3);
  const name = `${parent.height === 0 ? '' : parent.name}${'abcdefgh'[siblings.length]}${barrier ? '!' : ''}`;
  const block = world.make(name, parent, disk.epoch, barrier);
  if (barrier && random.chance(0.8)) closeWithDrawnSet(walker, block);
  return block;
}

/** At most f keys leave, join or are exchanged, of the old set and the new; each set has at most f Byzantine ones. */
function closeWithDrawnSet({ world, random, sparing }: Walker, block: Block): void {
  const { rules, byzantine } = world;
  const old = block.epoch!.keys;
  const changes = Math.max(1, rules.faults(old.length));
  for (let tries = 0; tries < 8; tries++) {
    const joining = random.sample(
      [...world.replicas.keys(), ...byzantine].filter(key => !old.includes(key)),
      random.between(0, changes),
    );
    const leaving = random.sample(old, random.between(0, changes));
    const next = [...old.filter(key => !leaving.includes(key)), ...joining];
    const faults = rules.faults(next.length);
    const moved = Math.max(joining.length, leaving.length);
    if (next.length < 4 || moved === 0 || moved > Math.min(rules.faults(old.length), faults)) continue;
    if (next.filter(key => byzantine.has(key)).length > faults) continue;
    if (sparing && soundOf(world, next) < rules.quorum(next.length)) continue;
    world.close(block, next);
    return;
  }
}

function pickCertificate(world: World, random: Random, epoch: Epoch, view: number): Certificate | null {
  const found: Certificate[] = [];
  for (const block of world.blocks)
    if (block.epoch === epoch && world.isPrepared(epoch, { view, block })) found.push({ view, block });
  return found.length === 0 ? null : random.pick(found);
}

/** Just enough VIEW-CHANGEs, chosen for the worst; the Byzantine ones report anything. */
function drawReports(world: World, random: Random, epoch: Epoch, view: number): Report[] {
  const { rules, byzantine } = world;
  const n = epoch.keys.length;
  const needed = rules.changesNeeded(rules.quorum(n), rules.faults(n));
  const liars = epoch.keys.filter(key => byzantine.has(key));
  const said = [...epoch.changes.get(view)!].map(([key, high]) => ({ key, high }));
  const count = Math.max(0, needed - liars.length);
  // Often those that know most are not among them.
  const sorted = random.chance(0.5) ? said : said.sort((a, b) => rank(a.high) - rank(b.high));
  const honest = random.chance(0.5) ? sorted.slice(0, count) : random.sample(said, count);
  return [
    ...honest,
    ...liars.map(key => {
      const of = random.between(0, random.chance(0.9) ? view - 1 : MAX_VIEW);
      return { key, high: random.chance(0.5) ? null : pickCertificate(world, random, epoch, of) };
    }),
  ];
}

function rank(certificate: Certificate | null): number {
  return certificate === null ? -1 : certificate.view;
}
