import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathsIn } from '../../../packages/node/src/config/node-home.ts';
import { until } from '../../end-to-end/network.ts';
import type { ChaosNetwork } from '../network/chaos-network.ts';
import type { MemberProcess } from '../network/member-process.ts';
import { type Fault, victim, type World } from './fault.ts';

/** Bytes a node may still write on a disk that becomes full. */
const ROOM = 64 * 1024;
/** Bytes for a start: what LevelDB writes when it is opened, and the last page of each file. */
const START = 2 * 1024 * 1024;
/** A file that is in the way. */
const BALLAST = 'ballast';
/** Ms in which the load fills it. */
const FULL_WITHIN_MS = 90_000;

function sizeOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/** The largest file under a path. */
function largest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return Math.max(0, ...readdirSync(path).map(name => largest(join(path, name))));
}

/** Puts a home on a small file system of its own; false if this process may not. */
function mountSmall(home: string): boolean {
  const aside = `${home}.aside`;
  renameSync(home, aside);
  mkdirSync(home, { mode: 0o700 });
  const size = sizeOf(aside) + largest(aside) + START;
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', home]).status === 0;
  if (mounted) cpSync(aside, home, { recursive: true });
  else {
    rmSync(home, { recursive: true });
    renameSync(aside, home);
  }
  return mounted;
}

/** Takes the room that is left in a home's own file system, but for a little. */
function fill(home: string): void {
  const { bavail, bsize } = statfsSync(home);
  writeFileSync(join(home, BALLAST), new Uint8Array(Math.max(0, bavail * bsize - ROOM)));
}

/** Brings a home back from its small file system, with what was written there. */
function unmount(home: string): void {
  const aside = `${home}.aside`;
  rmSync(join(home, BALLAST), { force: true });
  rmSync(aside, { recursive: true });
  cpSync(home, aside, { recursive: true });
  spawnSync('umount', [home]);
  rmSync(home, { recursive: true });
  renameSync(aside, home);
}

/** A node's process on a disk that the load fills: a file system of its own, or where only root mounts one, a file limit. */
function launchWithLittleRoom(
  network: ChaosNetwork,
  seat: number,
): { life: MemberProcess; mounted: boolean } {
  const { home } = network.seats[seat]!;
  if (mountSmall(home)) return { life: network.launch(seat), mounted: true };
  return { life: network.launch(seat, { fileLimit: largest(home) + ROOM }), mounted: false };
}

/** A node's disk fills up: it stops with an error, and starts again from what it holds once there is room. */
export const fullDisk: Fault = async world => {
  const { network, say } = world;
  const seat = await victim(world);
  await network.crash(seat);
  const { life, mounted } = launchWithLittleRoom(network, seat);
  say(`the disk of node ${seat} fills up (${mounted ? 'a small file system' : 'a limit on its files'})`);
  try {
    await until(() => life.end !== null || life.said('started').length > 0, `node ${seat} starts`);
    if (mounted) fill(network.seats[seat]!.home);
    await until(() => life.end !== null, `node ${seat} stops on a full disk`, FULL_WITHIN_MS);
  } finally {
    if (life.end === null) await life.kill();
    if (mounted) unmount(network.seats[seat]!.home);
  }
  const last = life.events.findLast(({ level }) => level === 'error');
  const running = life.said('started').length > 0 ? 'running' : 'starting';
  say(`node ${seat} ended ${running} with ${life.end?.code}: ${String(last?.['error']).split('\n')[0]}`);
  network.launch(seat);
  await network.settled();
  return life.end?.code === 0 || last === undefined ? [`node ${seat} took a full disk for a normal end`] : [];
};

/** A node loses its store, its log and its guard, all but its keys: it follows, and never votes again. */
export const wipedDisk: Fault = async world => {
  const { network, silenced, say } = world;
  const seat = await victim(world);
  return wipe({ network, silenced, say }, seat);
};

/** Wipes the disk of one node. */
export async function wipe(
  { network, silenced, say }: Pick<World, 'network' | 'silenced' | 'say'>,
  seat: number,
): Promise<readonly string[]> {
  const { home, code } = network.seats[seat]!;
  say(`the disk of node ${seat} is wiped`);
  await network.crash(seat);
  const { db, wal, guard } = pathsIn(home);
  for (const path of [db, wal, guard]) rmSync(path, { recursive: true, force: true });
  network.diskLost(seat);
  silenced.push({ member: code, since: performance.now() });
  const life = network.launch(seat);
  await network.settled();
  return life.said('amnesia').length > 0 ? [] : [`node ${seat} does not know that it lost its memory`];
}
