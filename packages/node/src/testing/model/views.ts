import type { Action } from './action.ts';
import { type Block, type Certificate, freshDisk, hasVote, type Replica, type Report } from './state.ts';
import type { World } from './world.ts';

/** Asks for a later view: the next one, or where f+1 already are. */
export const ASK: Action<[number]> = {
  name: 'asks for view',
  can: ({ rules }, replica, view) => {
    const { disk } = replica;
    if (!hasVote(replica)) return 'it has no vote';
    if (view <= Math.max(disk.asked, disk.view)) return `it asked for ${disk.asked}`;
    if (!rules.mayAsk(replica)) return 'its COMMIT keeps it';
    if (view === Math.max(disk.asked, disk.view) + 1) return null;
    let above = disk.epoch.byzantine;
    const asking = new Set<number>();
    for (const [asked, reports] of disk.epoch.changes)
      if (asked >= view) for (const key of reports.keys()) asking.add(key);
    above += asking.size;
    return above > rules.faults(disk.epoch.keys.length) ? null : `no f+1 asked for ${view}`;
  },
  go: ({ rules }, replica, view) => {
    const { disk, guard, key } = replica;
    disk.asked = view;
    guard.epoch = disk.epoch.index;
    guard.floor = Math.max(guard.floor, view);
    const { changes } = disk.epoch;
    const reports = changes.get(view) ?? new Map<number, Certificate | null>();
    changes.set(view, reports.set(key, rules.mayReport(disk, disk.high)));
  },
};

/** Accepts a NEW-VIEW: the highest certificate of its VIEW-CHANGEs gives the tip. Who sent it is not asked. */
export const ENTER: Action<[number, readonly Report[]]> = {
  name: 'enters view',
  can: (world, { disk }, view, reports) => {
    const { rules } = world;
    const { epoch } = disk;
    if (view <= disk.view || view < disk.asked) return `it is in ${disk.view} and asked for ${disk.asked}`;
    const keys = new Set<number>();
    for (const { key, high } of reports) {
      if (
        world.byzantine.has(key) ? !mayReportByzantine(world, disk.epoch, high) : !said(disk, view, key, high)
      )
        return `${key} did not report ${high === null ? 'nothing' : high.block.name}`;
      if (epoch.keys.includes(key)) keys.add(key);
    }
    const n = epoch.keys.length;
    const needed = rules.changesNeeded(rules.quorum(n), rules.faults(n));
    return keys.size >= needed ? null : `${keys.size} VIEW-CHANGEs of ${needed}`;
  },
  go: (world, replica, view, reports) => {
    const { disk } = replica;
    const tip = tipOf(world, replica, view, reports);
    world.enter(replica, view, tip);
    disk.view = view;
    disk.asked = Math.max(disk.asked, view);
    disk.reports = reports;
    disk.tip = tip;
    disk.carried = tip === disk.epoch.base ? tip : null;
    disk.accepted.clear();
  },
};

/** What an honest key reported when it asked for a view. */
function said({ epoch }: Replica['disk'], view: number, key: number, high: Certificate | null): boolean {
  const report = epoch.changes.get(view)?.get(key);
  return report !== undefined && report?.block === high?.block && report?.view === high?.view;
}

/** A Byzantine key reports nothing, or any certificate that exists. */
function mayReportByzantine(
  world: World,
  epoch: Replica['disk']['epoch'],
  high: Certificate | null,
): boolean {
  return high === null || world.isPrepared(epoch, high);
}

/** The tip of a NEW-VIEW: the highest certificate in it; none: the epoch's base. */
function tipOf({ rules }: World, { disk }: Replica, view: number, reports: readonly Report[]): Block {
  let best: Certificate | null = null;
  for (const { high } of reports)
    if (high !== null && rules.isTip(disk.epoch, view, high) && rules.higher(high, best)) best = high;
  return best?.block ?? disk.epoch.base;
}

/** Begins the next epoch, upon the final block that ends this one. */
export const OPEN: Action<[]> = {
  name: 'opens the next epoch',
  can: ({ rules }, replica) => {
    const next = rules.next(replica);
    if (next === null) return 'its last final block ends no epoch';
    return replica.disk.executed === next.base ? null : `it executed ${replica.disk.executed.name}`;
  },
  go: ({ rules }, replica) => {
    const next = rules.next(replica)!;
    replica.disk = rules.handOn(freshDisk(next), replica.disk);
    replica.committed = next.base;
    replica.proof = null;
    replica.guard = { ...replica.guard, epoch: next.index, floor: 0, signed: [] };
  },
};
