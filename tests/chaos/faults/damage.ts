import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathsIn } from '../../../packages/node/src/config/node-home.ts';
import { until } from '../../end-to-end/network.ts';
import type { MemberProcess } from '../network/member-process.ts';
import type { Fault, World } from './fault.ts';

/** Every kind of file, and what such a file is called. */
const KINDS = {
  'LevelDB log': ['db', /\.log$/],
  'LevelDB table': ['db', /\.ldb$/],
  'LevelDB manifest': ['db', /^MANIFEST/],
  'LevelDB current': ['db', /^CURRENT$/],
  'write-ahead log': ['.', /^wal$/],
  guard: ['keys', /^guard$/],
} as const;
/** A kind of file. */
export type Kind = keyof typeof KINDS;
/** All of them. */
export const FILE_KINDS = Object.keys(KINDS) as readonly Kind[];

/** Codes with which a node may refuse to run on a damaged disk. */
const REFUSALS = new Set(['store-damaged', 'store-failed', 'log-damaged', 'guard-damaged']);

/** Bytes at the head of each copy in the guard file that are never padding. */
const GUARD_HEAD = 16;

/** What a node did with a damaged file. */
export type Reaction =
  | 'no such file'
  | 'refused'
  | 'amnesia'
  | 'went on'
  | 'found by check'
  | 'stopped later';

/** The largest file of a kind in a home, or null. */
function fileOf(home: string, kind: Kind): string | null {
  const [folder, name] = KINDS[kind];
  const files = readdirSync(join(home, folder))
    .filter(file => name.test(file))
    .map(file => join(home, folder, file))
    .map(file => ({ file, length: readFileSync(file).length }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length);
  return files[0]?.file ?? null;
}

/** Bytes of a file to be flipped. The guard mends one copy from another, so that it is hit in all four. */
function placesIn(kind: Kind, length: number, place: number): readonly number[] {
  if (kind !== 'guard') return [Math.min(length - 1, Math.floor(place * length))];
  return [0, 1, 2, 3].map(copy => (copy * length) / 4 + Math.floor(place * GUARD_HEAD));
}

/** Why a process that refused to run, or to go on, did so; null if it did not say, or took it for a normal end. */
export function refusalOf({ events, end }: Pick<MemberProcess, 'events' | 'end'>): string | null {
  if (end === null || end.code === 0 || end.signal !== null) return null;
  const coded = events.find(({ event }) => REFUSALS.has(event));
  if (coded !== undefined) return coded.event;
  const fatal = events.find(({ event }) => event === 'fatal');
  return String(fatal?.['error']).startsWith('StorageError') ? 'StorageError' : null;
}

/**
 * Flips a byte at `place` (0 to 1) of a file while its node is down. The node may refuse to start with a code, know that it
 * lost its memory, or go on from what is whole; what it answers then is judged like all else. In the end the disk is put
 * back as it was, unless the node signed something since: then a damaged store alone is made anew from the others.
 */
export async function damage(
  world: World,
  seat: number,
  kind: Kind,
  place: number,
): Promise<{ readonly reaction: Reaction; readonly flaws: readonly string[] }> {
  const { network, say } = world;
  const { home } = network.seats[seat]!;
  await network.crash(seat);
  // LevelDB makes its first table of a log when it is opened.
  if (fileOf(home, kind) === null) {
    network.launch(seat);
    await network.settled();
    await network.crash(seat);
  }
  const file = fileOf(home, kind);
  if (file === null) {
    network.launch(seat);
    return { reaction: 'no such file', flaws: [`node ${seat} has no ${kind}`] };
  }
  const backup = `${home}.before`;
  cpSync(home, backup, { recursive: true });
  const bytes = readFileSync(file);
  const hit = placesIn(kind, bytes.length, place);
  for (const at of hit) bytes[at]! ^= 0x55;
  writeFileSync(file, bytes);
  network.diskLost(seat);

  const life = network.launch(seat);
  await until(
    async () => life.end !== null || (await network.standing(seat))?.ready === true,
    `node ${seat} stops or is ready`,
  );
  const started = life.said('started').length > 0;
  const amnesiac = life.said('amnesia').length > 0;
  let reaction: Reaction =
    life.end !== null ? (started ? 'stopped later' : 'refused') : amnesiac ? 'amnesia' : 'went on';
  const flaws: string[] = [];
  if (life.end !== null && refusalOf(life) === null)
    flaws.push(`node ${seat} ended without a code over a damaged ${kind}: ${network.lastWords(seat)}`);
  await network.crash(seat);
  // What nobody has read yet is found by the check alone.
  if (reaction === 'went on' && !(await network.check(seat)).includes('sound')) reaction = 'found by check';
  say(
    `${kind} of node ${seat}, byte ${hit.join(', ')} of ${bytes.length}: ${reaction} ${refusalOf(life) ?? ''}`,
  );

  if (reaction === 'refused' || reaction === 'amnesia') {
    rmSync(home, { recursive: true });
    cpSync(backup, home, { recursive: true });
  } else if (reaction !== 'went on') rmSync(pathsIn(home).db, { recursive: true });
  network.diskLost(seat);
  network.launch(seat);
  rmSync(backup, { recursive: true });
  await until(() => network.life(seat).said('started').length > 0, `node ${seat} starts again`);
  return { reaction, flaws };
}

/** A byte of some file of some node flips while it is down. */
export const flippedByte: Fault = async world => {
  const { network, random } = world;
  const { flaws } = await damage(world, random.pick(network.honest), random.pick(FILE_KINDS), random.next());
  await network.settled();
  return flaws;
};
