import { attempt } from './action.ts';
import { COSIGN, EXECUTE, FINAL, LEARN } from './deciding.ts';
import { ACCEPT, CARRY, COMMIT, LOCK, toCommit } from './ordering.ts';
import { certifies } from './rules.ts';
import {
  type Block,
  type Epoch,
  hasVote,
  isOnChain,
  leaving,
  type Replica,
  type Report,
  topOf,
} from './state.ts';
import { ASK, ENTER, OPEN } from './views.ts';
import { Broken, type World } from './world.ts';

/** Rounds beside one for each view somebody asked for already, and one for each replica that may have to lead. */
const SPARE_ROUNDS = 6;

/**
 * Liveness. From wherever an adversary left the world the network is fair: in a round everything that honest replicas
 * hold or still say reaches all, everybody does all it can, and then whose timer ran in vain asks for the next view.
 * Byzantine replicas say nothing any more. Gives the rounds after which every honest replica with a vote has a new block
 * final; throws `Broken` if it takes too many.
 */
export function settle(world: World): number {
  const network = new FairNetwork(world);
  const rounds = network.run();
  network.relieve();
  return rounds;
}

class FairNetwork {
  readonly #world: World;
  /** Those that are connected. */
  #replicas: readonly Replica[];
  /** What each replica had in the last round: one whose timer is reset by progress asks for no view. */
  readonly #before = new Map<Replica, string>();
  #made = 0;

  constructor(world: World) {
    this.#world = world;
    this.#replicas = [...world.replicas.values()];
  }

  run(): number {
    const { committed, final } = this.#world;
    const start = Math.max(
      committed.height,
      final.height,
      ...this.#replicas.map(({ disk }) => topOf(disk).height),
    );
    const most = this.#most(start + 1 - committed.height);
    for (let round = 1; round <= most; round++) {
      this.#deliver(start + 1);
      if (this.#owed().every(({ disk }) => disk.low.height > start)) return round;
      this.#timers();
    }
    throw new Broken('liveness', `nothing above ${start} is final after ${most} rounds: ${this.#standing()}`);
  }

  /**
   * In a view that works a replica is away, comes back, and at once is needed because others are away: that takes no
   * view change. Left out where too few are sound for it, or a faulty leader has split the view.
   */
  relieve(): void {
    const world = this.#world;
    const everybody = this.#replicas;
    const owed = this.#owed();
    const { epoch, view, tip } = owed[0]!.disk;
    const top = world.final;
    const spare = owed.length - world.rules.quorum(epoch.keys.length);
    const leaders = [1, 2, 3].map(above =>
      world.rules.leader(epoch, view, top.height + above, tip.height, world.term),
    );
    const works = ({ disk }: Replica): boolean =>
      disk.epoch === epoch &&
      disk.view === view &&
      disk.asked === view &&
      disk.tip === tip &&
      disk.low === top &&
      isOnChain(topOf(disk), top);
    const [laggard, ...others] = owed.filter(({ key }) => !leaders.includes(key));
    const led = leaders.every(leader => owed.some(({ key }) => key === leader));
    if (laggard === undefined || spare < 1 || spare > others.length || !led || !owed.every(works)) return;
    this.#replicas = everybody.filter(one => one !== laggard);
    this.#deliver(top.height + 2);
    this.#replicas = everybody.filter(one => !others.slice(0, spare).includes(one));
    this.#deliver(top.height + 3);
    if (laggard.disk.low.height < top.height + 3)
      throw new Broken(
        'liveness',
        `${laggard.key} was away, and cannot help in its view: ${this.#standing()}`,
      );
  }

  /**
   * f+1 are at the (f+1)-th highest view at once; from there one view a round; then faulty leaders have their turn, and
   * again each time that a term ends before the last of the blocks.
   */
  #most(blocks: number): number {
    const newest = this.#replicas.reduce((a, b) => (b.disk.epoch.index > a.disk.epoch.index ? b : a)).disk
      .epoch;
    const members = this.#replicas.filter(({ key, amnesiac }) => newest.keys.includes(key) && !amnesiac);
    const asked = members.map(({ disk }) => (disk.epoch === newest ? disk.asked : 0)).sort((a, b) => b - a);
    const faults = this.#world.rules.faults(newest.keys.length);
    const handovers = Math.floor(blocks / this.#world.term);
    return SPARE_ROUNDS + asked[0]! - asked[faults]! + faults + handovers * (1 + faults);
  }

  /** Honest replicas that have a vote where they are, or will have one in the newest epoch. */
  #owed(): readonly Replica[] {
    return this.#replicas.filter(hasVote);
  }

  #standing(): string {
    return this.#replicas
      .map(r => {
        const { epoch, view, asked, tip, low, executed, high } = r.disk;
        const top = topOf(r.disk).name;
        const standing = `${r.key}${hasVote(r) ? '' : ' (no vote)'} epoch ${epoch.index} view ${view}/${asked}`;
        return `${standing} tip ${tip.name} top ${top} high ${high?.view}/${high?.block.name} committed ${r.committed.name} executed ${executed.name} final ${low.name}`;
      })
      .join('; ');
  }

  /** Until nothing is left to do. */
  #deliver(goal: number): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const replica of this.#replicas) while (this.#step(replica, goal)) moved = true;
    }
  }

  #step(replica: Replica, goal: number): boolean {
    const world = this.#world;
    const { disk } = replica;
    if (attempt(OPEN, world, replica) === null) return true;
    if (this.#catchUp(replica)) return true;
    if (attempt(EXECUTE, world, replica) === null) return true;
    if (attempt(COSIGN, world, replica, disk.executed) === null) return true;
    if (this.#changeView(replica)) return true;
    if (attempt(CARRY, world, replica) === null) return true;
    for (const block of this.#offered(replica))
      if (attempt(ACCEPT, world, replica, block) === null) return true;
    if (this.#propose(replica, goal)) return true;
    if (this.#vote(replica)) return true;
    return false;
  }

  /** Those in its epoch. */
  #peers({ disk }: Replica): Replica[] {
    return this.#replicas.filter(one => one.disk.epoch === disk.epoch);
  }

  /** Those that vote in the view it is in. */
  #voters(replica: Replica): Replica[] {
    return this.#peers(replica).filter(
      one => one.disk.view === replica.disk.view && hasVote(one) && !leaving(one),
    );
  }

  #catchUp(replica: Replica): boolean {
    const world = this.#world;
    const { rules } = world;
    const { disk } = replica;
    for (const peer of this.#replicas) {
      if (rules.tellsHandover() && peer.disk.epoch.index > disk.epoch.index) {
        if (attempt(FINAL, world, replica, endOf(disk.epoch, peer.disk.epoch)) === null) return true;
      }
      if (peer.disk.epoch !== disk.epoch) continue;
      if (rules.tellsFinal() && attempt(FINAL, world, replica, peer.disk.low) === null) return true;
      if (rules.tellsCommits() && peer.proof !== null && attempt(LEARN, world, replica, peer.proof) === null)
        return true;
      const { cosigned } = peer.disk;
      if (
        cosigned !== null &&
        this.#isCosigned(cosigned, disk.epoch) &&
        attempt(FINAL, world, replica, cosigned) === null
      )
        return true;
    }
    return false;
  }

  /** q replicas repeat their last cosignature, and it is of this block. */
  #isCosigned(block: Block, epoch: Epoch): boolean {
    let voters = 0;
    for (const { key, disk, amnesiac } of this.#replicas)
      if (disk.cosigned === block && !amnesiac) voters |= 1 << key;
    return this.#isQuorum(epoch, voters);
  }

  /** A certificate of honest votes alone. */
  #isQuorum(epoch: Epoch, voters: number): boolean {
    return certifies(this.#world.rules, { ...epoch, byzantine: 0 }, voters);
  }

  #vote(replica: Replica): boolean {
    const world = this.#world;
    const { disk } = replica;
    const voters = this.#voters(replica).reduce((mask, { key }) => mask | (1 << key), 0);
    const { view, epoch } = disk;
    for (const block of world.blocks) {
      if (block.epoch !== epoch) continue;
      if (
        this.#isQuorum(epoch, (block.prepares[view] ?? 0) & voters) &&
        attempt(LOCK, world, replica, { view, block }) === null
      )
        return true;
      if (
        this.#isQuorum(epoch, (block.commits[view] ?? 0) & voters) &&
        attempt(LEARN, world, replica, block) === null
      )
        return true;
    }
    for (const block of toCommit(replica)) {
      const sent = ((block.commits[view] ?? 0) & (1 << replica.key)) !== 0;
      if (!sent && attempt(COMMIT, world, replica, block) === null) return true;
    }
    return false;
  }

  /** Blocks accepted by others of its view, lowest first: they repeat the proposals. */
  #offered(replica: Replica): Block[] {
    return this.#voters(replica)
      .flatMap(({ disk }) => [...disk.accepted.values()])
      .filter(block => replica.disk.accepted.get(block.height) !== block)
      .sort((a, b) => a.height - b.height);
  }

  /** The leader makes a block when nothing is under way. */
  #propose(replica: Replica, goal: number): boolean {
    const world = this.#world;
    const { disk, key, committed } = replica;
    const top = topOf(disk);
    const parent = committed.height > top.height ? committed : top;
    if (!hasVote(replica) || leaving(replica) || parent.height >= goal || parent.height > committed.height)
      return false;
    if (world.rules.leader(disk.epoch, disk.view, parent.height + 1, disk.tip.height, world.term) !== key)
      return false;
    const block = world.make(`${parent.name}~${this.#made++}`, parent, disk.epoch, false);
    return attempt(ACCEPT, world, replica, block) === null;
  }

  #changeView(replica: Replica): boolean {
    const world = this.#world;
    const { rules } = world;
    const { disk } = replica;
    const peers = this.#peers(replica);
    const asking = peers.filter(one => leaving(one) && hasVote(one)).map(one => one.disk.asked);
    const above = asking.filter(view => view > disk.asked).sort((a, b) => b - a);
    const faults = rules.faults(disk.epoch.keys.length);
    const joined = above[faults];
    if (
      joined !== undefined &&
      rules.joins(above.length, faults) &&
      attempt(ASK, world, replica, joined) === null
    )
      return true;
    if (rules.tellsNewView())
      for (const peer of peers)
        if (attempt(ENTER, world, replica, peer.disk.view, peer.disk.reports) === null) return true;
    const leader = disk.epoch.keys[disk.asked % disk.epoch.keys.length];
    if (leader !== replica.key || !hasVote(replica) || !leaving(replica)) return false;
    return attempt(ENTER, world, replica, disk.asked, this.#stillAsking(replica)) === null;
  }

  /** VIEW-CHANGEs for the view it asked for, of those that have not gone on. */
  #stillAsking(replica: Replica): Report[] {
    const view = replica.disk.asked;
    const still = this.#peers(replica).filter(({ disk }) => disk.asked === view);
    const said = replica.disk.epoch.changes.get(view);
    return still.flatMap(({ key }) => (said?.has(key) ? [{ key, high: said.get(key)! }] : []));
  }

  /** Whoever waited in vain asks for the next view; while it leaves only once q ask for what it asked for, or for more. */
  #timers(): void {
    const world = this.#world;
    const { rules } = world;
    const due = this.#replicas.filter(replica => {
      const { disk, key, committed } = replica;
      const now = `${disk.epoch.index} ${disk.view} ${committed.height} ${disk.low.height}`;
      const waited = this.#before.get(replica) === now;
      this.#before.set(replica, now);
      if (!waited || !hasVote(replica) || !rules.timesOut(replica)) return false;
      if (!leaving(replica)) return true;
      const asking = this.#peers(replica).filter(
        one => hasVote(one) && rules.countsForTimer(one.disk.asked, disk.asked),
      );
      return this.#isQuorum(
        disk.epoch,
        asking.reduce((mask, one) => mask | (1 << one.key), 1 << key),
      );
    });
    for (const replica of due)
      attempt(ASK, world, replica, Math.max(replica.disk.asked, replica.disk.view) + 1);
  }
}

/** The block that ends an epoch, as a later one knows it. */
function endOf(epoch: Epoch, later: Epoch): Block {
  let next = later;
  while (next.previous !== epoch) next = next.previous!;
  return next.base;
}
