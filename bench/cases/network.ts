import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Network } from '../../tests/end-to-end/network.ts';
import { sodiumThreads } from '../bare.ts';
import { closedLoop, type Load, openConnections, openLoop, type Source } from '../load/loads.ts';
import { cpuByThread, cpuSeconds, machineSeconds, residentMb } from '../load/processes.ts';
import { profileProcess } from '../load/profile.ts';
import { Submissions } from '../load/source.ts';
import { signatures } from '../material.ts';
import { type Effort, type Limit, median, percentile, type Row, say } from '../measure.ts';

const NODES = 4;
const BATCH = 100;
const RATE = 50;
/** Clients that send batches. */
const BATCH_CLIENTS = 64;
/** Ms of load before anything counts. */
const SETTLE = 1_500;
const PROFILES = fileURLToPath(new URL('../../bench-results/', import.meta.url));

/** A real network of four processes: latency, saturation, batches, CPU, memory, the loss of the leader. */
export async function network(effort: Effort & { readonly profile: boolean }): Promise<readonly Row[]> {
  const net = new Network();
  const end = (): void => {
    net.end();
    process.exit(130);
  };
  process.once('SIGINT', end);
  try {
    say('    starting four nodes');
    net.up(NODES);
    return await new Run(net, effort).all();
  } catch (error) {
    throw new Error(`the last lines of the nodes' logs:\n${net.logs()}`, { cause: error });
  } finally {
    process.off('SIGINT', end);
    net.end();
  }
}

class Run {
  readonly #net: Network;
  readonly #effort: Effort & { readonly profile: boolean };
  readonly #submissions: Submissions;
  readonly #rows: Row[] = [];

  constructor(net: Network, effort: Effort & { readonly profile: boolean }) {
    this.#net = net;
    this.#effort = effort;
    this.#submissions = new Submissions(net.home);
  }

  async all(): Promise<readonly Row[]> {
    const { quick } = this.#effort;
    await this.#idle(quick ? 2_000 : 4_000);
    say('    warming up');
    await this.#closed(64, this.#submissions.prepare(4_000, 1), 0, quick ? 2_000 : 4_000);
    await this.#latency(quick ? 4_000 : 10_000);
    const best = await this.#saturation(quick ? [250] : [125, 250, 500], quick ? 3_000 : 8_000);
    await this.#batches(quick ? 3_000 : 8_000);
    if (this.#effort.profile) await this.#profiles(best);
    await this.#leaderLoss(quick ? 1 : 3);
    return this.#rows;
  }

  get #pids(): readonly number[] {
    return this.#net.nodes.map(({ pid }) => pid!);
  }

  get #urls(): readonly string[] {
    return this.#net.nodes.map(({ url }) => url);
  }

  #add(what: string, unit: string, value: number, limits: readonly Limit[] = [], note?: string): void {
    this.#rows.push({ case: 'network', what, unit, value, limits, ...(note === undefined ? {} : { note }) });
  }

  async #idle(ms: number): Promise<void> {
    await pause(1_000);
    const usage = this.#watch();
    await pause(ms);
    const { nodes, seconds } = usage.end();
    this.#add('memory of an idle node, largest of 4', 'MB', this.#memory());
    this.#add('CPU of all idle nodes', 'ms/s', (nodes / seconds) * 1000);
  }

  async #latency(ms: number): Promise<void> {
    say(`    ${RATE} submissions a second for ${ms / 1000} s`);
    const connections = await openConnections(this.#urls, 200);
    const next = this.#submissions.prepare((ms / 1000) * RATE, 1);
    const before = await this.#log();
    const usage = this.#watch();
    const { latencies, done, others } = await openLoop(connections, next, RATE, ms);
    const used = usage.end();
    for (const connection of connections) connection.close();
    const after = await this.#log();
    const sync = syncSeconds(this.#net.home) * 1000;
    const note = `${done} final${refusals(others)}, ${perBlock(before, after)}; ${used.text}`;
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    this.#add(`p50 from submit to final receipt at ${RATE}/s`, 'ms', p50, [syncLimit(p50, sync)], note);
    this.#add(`p99 from submit to final receipt at ${RATE}/s`, 'ms', p99);
    this.#add(`CPU of all nodes a record at ${RATE}/s`, 'ms', (used.nodes / done) * 1000);
  }

  /** Tries several numbers of clients; gives the one that finalised most. */
  async #saturation(clients: readonly number[], ms: number): Promise<number> {
    let best: { count: number; load: Load; used: Usage; memory: number } | null = null;
    const found: string[] = [];
    const ceilings = [await ceiling()];
    for (const count of clients) {
      say(`    ${count} clients, one record at a time each`);
      const next = this.#submissions.prepare(Math.round(((ms + SETTLE) / 1000) * 2_500), 1);
      const before = await this.#log();
      const { load, used, memory } = await this.#measured(count, next, ms);
      const p50 = Math.round(median(load.latencies));
      const blocks = perBlock(before, await this.#log());
      found.push(
        `${count} clients ${Math.round(rate(load))}/s, p50 ${p50} ms, ${blocks}${refusals(load.others)}; ${used.text}`,
      );
      if (best === null || rate(load) > rate(best.load)) best = { count, load, used, memory };
    }
    ceilings.push(await ceiling());
    const { count, load, used, memory } = best!;
    const limit = ceilingLimit(rate(load), median(ceilings));
    this.#add(
      'singly signed records finalised at saturation',
      'records/s',
      rate(load),
      [limit],
      found.join('; '),
    );
    this.#add('CPU of all nodes a record at saturation', 'ms', (used.nodes / load.done) * 1000);
    this.#add('memory at saturation, largest of 4', 'MB', memory);
    return count;
  }

  async #batches(ms: number): Promise<void> {
    say(`    ${BATCH_CLIENTS} clients, ${BATCH} entries under one signature each`);
    const next = this.#submissions.prepare(Math.round(((ms + SETTLE) / 1000) * 80), BATCH);
    const before = await this.#log();
    const { load, used } = await this.#measured(BATCH_CLIENTS, next, ms);
    const note = [
      `p50 ${Math.round(median(load.latencies))} ms${refusals(load.others)}`,
      `${perBlock(before, await this.#log())}; every answer carries ${BATCH} receipts; ${used.text}`,
    ].join(', ');
    this.#add(
      `entries in batches of ${BATCH} under one signature`,
      'entries/s',
      rate(load) * BATCH,
      [],
      note,
    );
    this.#add('CPU of all nodes an entry in batches', 'ms', (used.nodes / load.done / BATCH) * 1000);
  }

  /** Profiles the main thread of one node: at a low rate, at saturation, and with batches. */
  async #profiles(clients: number): Promise<void> {
    mkdirSync(PROFILES, { recursive: true });
    const pid = this.#pids[1]!;
    const profile = async (name: string, load: () => Promise<unknown>): Promise<void> => {
      const under = load();
      await pause(SETTLE);
      const threads = cpuByThread(pid);
      const { busy, top } = await profileProcess(pid, 5_000, join(PROFILES, `${name}.cpuprofile`));
      const spent = [...cpuByThread(pid)].map(
        ([thread, s]) => [thread, s - (threads.get(thread) ?? 0)] as const,
      );
      await under;
      const lines = spent.toSorted((a, b) => b[1] - a[1]).map(([thread, s]) => `${thread} ${s.toFixed(2)}`);
      say(`    profile ${name}: CPU seconds in 5 s by thread: ${lines.slice(0, 4).join(', ')}`);
      say(`    main thread busy ${(busy * 100).toFixed(0)} % of the time; self time as shares of that:`);
      for (const { name: of, share } of top) say(`      ${(share * 100).toFixed(1).padStart(5)} %  ${of}`);
    };
    const slow = await openConnections(this.#urls, 200);
    const steady = this.#submissions.prepare(8 * RATE, 1);
    await profile('low-rate', () => openLoop(slow, steady, RATE, 7_500));
    for (const connection of slow) connection.close();
    const single = this.#submissions.prepare(20_000, 1);
    await profile('saturation', () => this.#closed(clients, single, SETTLE, 6_000));
    const batches = this.#submissions.prepare(600, BATCH);
    await profile('batches', () => this.#closed(BATCH_CLIENTS, batches, SETTLE, 6_000));
  }

  /** From the kill of the leader to the receipt of a record sent right after it to another node. */
  async #leaderLoss(times: number): Promise<void> {
    const took: number[] = [];
    for (let i = 0; i < times; i++) {
      const { leader } = await this.#net.json<{ leader: string }>(0, '/v1/network');
      say(`    kill -9 of the leader, ${leader}`);
      const urls = this.#net.nodes.filter(({ member }) => member !== leader).map(({ url }) => url);
      const [connection] = await openConnections(urls, 1);
      const wire = this.#submissions.sign(1);
      const start = performance.now();
      this.#net.kill(leader);
      for (;;) {
        const { status } = await connection!.post('/v1/submissions?wait=final', wire);
        if (status === 200) break;
        if (performance.now() - start > 30_000) throw new Error(`no final record in 30 s: ${status}`);
      }
      took.push(performance.now() - start);
      connection!.close();
      this.#net.must('qifeng-node', 'cluster', 'start', leader);
    }
    const note = `each: ${took.map(Math.round).join(', ')} ms`;
    this.#add('kill -9 of the leader to the next final record', 'ms', median(took), [], note);
  }

  async #measured(
    clients: number,
    next: Source,
    ms: number,
  ): Promise<{ load: Load; used: Usage; memory: number }> {
    let usage: { end(): Usage } | null = null;
    let found: { used: Usage; memory: number } | null = null;
    const load = await this.#closed(
      clients,
      next,
      SETTLE,
      ms,
      () => {
        usage = this.#watch();
      },
      () => {
        found = { used: usage!.end(), memory: this.#memory() };
      },
    );
    return { load, ...found! };
  }

  async #closed(
    clients: number,
    next: Source,
    settle: number,
    ms: number,
    onStart?: () => void,
    onEnd?: () => void,
  ): Promise<Load> {
    const connections = await openConnections(this.#urls, clients);
    const load = await closedLoop(connections, next, settle, ms, onStart, onEnd);
    for (const connection of connections) connection.close();
    if (this.#submissions.late > 0) say(`    (${this.#submissions.late} submissions were signed under load)`);
    return load;
  }

  #memory(): number {
    return Math.max(...this.#pids.map(residentMb));
  }

  /** CPU seconds from now to `end`. */
  #watch(): { end(): Usage } {
    const now = () => ({
      nodes: this.#pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
      own: ownCpu(),
      machine: machineSeconds(),
      at: performance.now(),
    });
    const before = now();
    return {
      end: () => {
        const after = now();
        const [nodes, own] = [after.nodes - before.nodes, after.own - before.own];
        const all = after.machine.all - before.machine.all;
        const used = after.machine.used - before.machine.used;
        const share = (part: number) => `${Math.round((100 * part) / all)} %`;
        const rest = Math.max(0, used - nodes - own);
        return {
          nodes,
          seconds: (after.at - before.at) / 1000,
          text: `of the machine's CPU the nodes used ${share(nodes)}, the generator ${share(own)}, others ${share(rest)}`,
        };
      },
    };
  }

  /** Where the log stands at the first node. */
  #log(): Promise<LogAt> {
    return this.#net.json<LogAt>(0, '/v1/network');
  }
}

interface LogAt {
  readonly height: number;
  readonly size: number;
}

interface Usage {
  /** CPU seconds of all nodes, and how long it took. */
  readonly nodes: number;
  readonly seconds: number;
  readonly text: string;
}

function perBlock(before: LogAt, after: LogAt): string {
  const [blocks, records] = [after.height - before.height, after.size - before.size];
  return `${(records / blocks).toFixed(1)} records a block`;
}

function ceilingLimit(value: number, ceiling: number): Limit {
  return {
    name: 'verification ceiling',
    how: `libsodium's rate in 2 threads / ${NODES}: every node checks every signature once, and does nothing else`,
    value: ceiling,
    ratio: value / ceiling,
  };
}

function syncLimit(ms: number, sync: number): Limit {
  return {
    name: 'one fdatasync',
    how: 'writeSync of 4 KiB to a file in the same folder and fdatasyncSync, median of 100, nothing else running',
    value: sync,
    ratio: sync / ms,
  };
}

/** Seconds that a small synced write takes on the disk of a folder. */
function syncSeconds(folder: string): number {
  const file = openSync(join(folder, 'bench-sync'), 'w');
  const page = new Uint8Array(4096);
  const times = Array.from({ length: 100 }, () => {
    const start = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return (performance.now() - start) / 1000;
  });
  closeSync(file);
  return median(times);
}

/** Signatures a second that two cores can check with libsodium, shared by four nodes. */
async function ceiling(): Promise<number> {
  const signed = signatures(500, 4, 200);
  const threads = sodiumThreads(signed, 2);
  await threads.run(1);
  const seconds = await threads.run(10);
  await threads.close();
  return (2 * 10 * signed.length) / seconds / NODES;
}

function rate({ done, seconds }: Load): number {
  return done / seconds;
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function refusals(others: ReadonlyMap<number, number>): string {
  return Array.from(others, ([status, count]) => `, ${count} answers ${status}`).join('');
}
