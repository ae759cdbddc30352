import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Network, type NetworkNode, until } from '../../end-to-end/network.ts';
import { makeHomes, nominalPort, type Seat } from './homes.ts';
import { Links } from './links.ts';
import { type End, type Event, lying, MemberProcess } from './member-process.ts';

const NODE = fileURLToPath(new URL('../../../packages/node/bin/qifeng-node.js', import.meta.url));
const DIAL_THROUGH = new URL('./dial-through.mjs', import.meta.url).href;
const SETTLED_WITHIN_MS = 120_000;

/** Where a node says it stands. */
export interface Standing {
  readonly leader: string;
  readonly view: number;
  readonly height: number;
  readonly final: number;
  readonly size: number;
  readonly ready: boolean;
  /** Members against whom it holds evidence, and where that is recorded. */
  readonly accused: readonly { readonly code: string; readonly record: number | null }[];
}

/** A member that does as it likes: its seat, its behaviours and the seed of its choices. */
export interface Liar {
  readonly seat: number;
  readonly behaviours: readonly string[];
  readonly seed: number;
}

/** How a node is started other than usual. */
export interface Launch {
  /** Bytes that no file of the process may outgrow. */
  readonly fileLimit?: number;
}

/** Real processes whose links all pass through proxies of this one; seats are numbered in the order of member codes. */
export class ChaosNetwork extends Network {
  readonly liars: readonly Liar[];
  #seats: readonly Seat[] = [];
  #links: Links | null = null;
  /** The lives of each seat's process, oldest first. */
  #lives: readonly MemberProcess[][] = [];
  /** How often a seat's disk was put back or lost something: what it knew before need not be there any more. */
  #disks: number[] = [];

  private constructor(liars: readonly Liar[]) {
    super();
    this.liars = liars;
  }

  /** Makes a network of `n` and starts all of it. */
  static async start(
    n: number,
    liars: readonly Liar[] = [],
    absent: readonly number[] = [],
  ): Promise<ChaosNetwork> {
    const network = new ChaosNetwork(liars);
    network.#seats = await makeHomes(network.home, n);
    network.#links = await Links.before(network.seats.map(({ p2pPort }) => p2pPort));
    network.#lives = network.seats.map(() => []);
    network.#disks = network.seats.map(() => 0);
    for (const seat of network.seats.keys()) if (!absent.includes(seat)) network.launch(seat);
    await network.settled();
    return network;
  }

  get seats(): readonly Seat[] {
    return this.#seats;
  }

  get links(): Links {
    return this.#links!;
  }

  /** Seats of nodes that keep to the protocol. */
  get honest(): readonly number[] {
    return [...this.seats.keys()].filter(seat => !this.liars.some(liar => liar.seat === seat));
  }

  /** Member codes of the liars, in order. */
  get culprits(): readonly string[] {
    return this.liars.map(({ seat }) => this.seats[seat]!.code).sort();
  }

  override get nodes(): readonly NetworkNode[] {
    return this.seats.map(({ code, home, httpPort }, seat) => ({
      member: code,
      pid: this.#lives[seat]!.at(-1)?.pid ?? null,
      url: `http://127.0.0.1:${httpPort}`,
      home,
    }));
  }

  launch(seat: number, { fileLimit }: Launch = {}): MemberProcess {
    const { home, code } = this.seats[seat]!;
    const routes = [...this.links.routesOf(seat)].map(([peer, port]) => [nominalPort(peer), port]);
    // At this level the transport says whom it reads more slowly.
    const env = { CHAOS_ROUTES: JSON.stringify(Object.fromEntries(routes)), QIFENG_LOG__LEVEL: 'debug' };
    const liar = this.liars.find(one => one.seat === seat);
    const own =
      liar !== undefined ? lying(home, liar.seed, liar.behaviours) : [NODE, 'start', '--home', home];
    const command = [process.execPath, '--import', DIAL_THROUGH, ...own];
    // ulimit counts blocks of 512 bytes.
    const limited =
      fileLimit === undefined
        ? command
        : ['sh', '-c', `ulimit -f ${Math.ceil(fileLimit / 512)}; exec "$@"`, 'sh', ...command];
    const life = new MemberProcess(limited[0]!, limited.slice(1), env, join(this.home, `${code}.log`));
    this.#lives[seat]!.push(life);
    return life;
  }

  /** The present or last process of a seat. */
  life(seat: number): MemberProcess {
    return this.#lives[seat]!.at(-1)!;
  }

  isUp(seat: number): boolean {
    return this.#lives[seat]!.at(-1)?.end === null;
  }

  /** Ends a node as a power cut would. */
  crash(seat: number): Promise<End> {
    return this.life(seat).kill();
  }

  /** Which disk a seat has: another number from the time on when what was on it may be gone. */
  diskOf(seat: number): number {
    return this.#disks[seat]!;
  }

  diskLost(seat: number): void {
    this.#disks[seat]!++;
  }

  /** All that a seat's processes said, of one kind. */
  said(seat: number, event: string): readonly Event[] {
    return this.#lives[seat]!.flatMap(life => life.said(event));
  }

  /** Where a node stands; null while it does not answer. */
  async standing(seat: number): Promise<Standing | null> {
    try {
      const url = `${this.nodes[seat]!.url}/v1/network`;
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      return (await response.json()) as Standing;
    } catch {
      return null;
    }
  }

  /** The seat that leads, as the first node that answers has it. */
  async leader(): Promise<number> {
    for (const seat of this.honest) {
      const standing = await this.standing(seat);
      const leads = this.seats.findIndex(({ code }) => code === standing?.leader);
      if (leads >= 0) return leads;
    }
    return 0;
  }

  /** Waits until every honest node that was ever launched is ready, and all have reached a block that was not final when this was called. */
  async settled(): Promise<void> {
    const goal = await this.#highest();
    await until(
      async () => {
        const launched = this.honest.filter(seat => this.#lives[seat]!.length > 0);
        const standings = await Promise.all(launched.map(seat => this.standing(seat)));
        return standings.every(standing => standing?.ready === true && standing.final > goal);
      },
      `all nodes ready and beyond ${goal}`,
      SETTLED_WITHIN_MS,
    );
  }

  /** `qifeng-node check` of one stopped node. */
  async check(seat: number): Promise<string> {
    return (await this.whileRunning('qifeng-node', 'check', '--home', this.seats[seat]!.home)).out;
  }

  /** Stops every node by itself; those that run no more are left. */
  async stopAll(): Promise<void> {
    this.links.heal();
    const up = [...this.seats.keys()].filter(seat => this.isUp(seat));
    await Promise.all(up.map(seat => this.life(seat).stop()));
    writeFileSync(join(this.home, 'cluster.json'), JSON.stringify(this.nodes));
  }

  /** The last errors that a seat's processes logged, for a person. */
  lastWords(seat: number): string {
    const errors = this.#lives[seat]!.flatMap(({ events }) => events).filter(
      ({ level }) => level === 'error',
    );
    return JSON.stringify(errors.slice(-3));
  }

  /** Kills all that runs, and removes the folder unless it is to be kept. */
  async destroy(keep = false): Promise<void> {
    await Promise.all(this.#lives.flat().map(life => (life.end === null ? life.kill() : life.ended)));
    await this.links.close();
    if (!keep) rmSync(this.home, { recursive: true, force: true });
  }

  async #highest(): Promise<number> {
    const standings = await Promise.all(this.honest.map(seat => this.standing(seat)));
    return Math.max(0, ...standings.map(standing => standing?.final ?? 0));
  }
}
