import { type Hasher, type MapHash, mapHash } from '@qifeng/core';
import type { StateEntry } from '../../ports/ledger-store.ts';
import { MAX_PARTS, type StatePart } from '../wire/snapshots.ts';
import { openPart, type Task } from './open-part.ts';

/** Parts that one member is asked for at a time. */
const MOST_OF_ONE = 8;
/** The same of all of them: what may come at once has to find room. */
const MOST_UNDER_WAY = 32;
/** Bytes of values that are verified and not on disk yet, above which nothing more is asked for. */
const MOST_UNWRITTEN = 4 * 1024 * 1024;
/** Ms without anything from a member that owes parts, after which others are asked for them. */
const PATIENCE = 3_000;
/** Ms for which it is passed over then, doubled each time in a row up to the second number. */
const REST = [2_000, 60_000] as const;

/** What a fetcher asks and tells. */
export interface PartFetcherHost {
  connected(): readonly string[];
  request(member: string, paths: readonly string[]): void;
  /** Writes values that are verified. */
  add(values: readonly StateEntry[]): Promise<void>;
  /** A member gave a part that is not the one asked for, at this time. */
  lied(member: string, now: number): void;
  /** Every value is written. */
  complete(): void;
  /** No member that is connected has the state, or tells the truth about it. */
  forsaken(): void;
  failed(error: unknown): void;
}

interface Member {
  readonly owes: Map<string, Task>;
  since: number;
  failures: number;
  restsUntil: number;
  /** It lied, or does not hold this state. */
  out: boolean;
}

/**
 * Fetches a state of which the root is known, from several members at once: the root's part, then the parts below it, each
 * judged on arrival by the hash that the part above gave. Whoever gives a wrong one is not asked again. What is known and
 * not fetched grows with the depth of the map only, as parts are split depth first.
 */
export class PartFetcher {
  readonly #host: PartFetcherHost;
  readonly #hasher: Hasher;
  readonly #map: MapHash;
  readonly #todo: Task[];
  readonly #members = new Map<string, Member>();
  #unwritten = 0;
  #over = false;
  #values = 0;

  constructor(host: PartFetcherHost, hasher: Hasher, root: Uint8Array) {
    this.#host = host;
    this.#hasher = hasher;
    this.#map = mapHash(hasher);
    this.#todo = [{ path: '', hash: root }];
  }

  /** Values written so far. */
  get values(): number {
    return this.#values;
  }

  /** Ends it: nothing is asked or told any more. */
  stop(): void {
    this.#over = true;
  }

  /** A part came from a member. */
  received(code: string, part: StatePart, now: number): void {
    const member = this.#members.get(code);
    const task = member?.owes.get(part.path);
    if (this.#over || member === undefined || task === undefined) return;
    member.owes.delete(part.path);
    member.since = now;
    if (part.children === null && part.values === null) {
      this.#todo.push(task);
      this.#leave(member);
    } else if (this.#take(task, part)) member.failures = 0;
    else {
      this.#todo.push(task);
      this.#leave(member);
      this.#host.lied(code, now);
    }
    this.ask(now);
  }

  /** Time passed: who owes parts and sends nothing is passed over, and others are asked. */
  tick(now: number): void {
    for (const member of this.#members.values()) {
      if (member.owes.size === 0 || now - member.since < PATIENCE) continue;
      this.#returnAll(member);
      member.restsUntil = now + Math.min(REST[0] * 2 ** member.failures, REST[1]);
      member.failures++;
    }
    this.ask(now);
  }

  /** Shares out what nobody was asked for yet. */
  ask(now: number): void {
    if (this.#over) return;
    const connected = this.#host.connected();
    for (const [code, member] of this.#members) if (!connected.includes(code)) this.#returnAll(member);
    const members = connected.map(code => [code, this.#member(code)] as const);
    if (members.every(([, { out }]) => out)) {
      // With nobody connected there is hope.
      if (members.length > 0) this.#end(() => this.#host.forsaken());
      return;
    }
    const requests = new Map<string, string[]>();
    let underWay = members.reduce((sum, [, { owes }]) => sum + owes.size, 0);
    while (this.#todo.length > 0 && this.#unwritten < MOST_UNWRITTEN && underWay < MOST_UNDER_WAY) {
      const able = members
        .filter(([, { out, owes, restsUntil }]) => !out && restsUntil <= now && owes.size < MOST_OF_ONE)
        .sort((a, b) => a[1].owes.size - b[1].owes.size);
      const [best] = able;
      if (best === undefined) break;
      const [code, member] = best;
      const task = this.#todo.pop()!;
      if (member.owes.size === 0) member.since = now;
      member.owes.set(task.path, task);
      underWay++;
      const paths = requests.get(code) ?? [];
      if (paths.length === 0) requests.set(code, paths);
      paths.push(task.path);
    }
    for (const [code, paths] of requests)
      for (let i = 0; i < paths.length; i += MAX_PARTS)
        this.#host.request(code, paths.slice(i, i + MAX_PARTS));
    this.#checkComplete();
  }

  /** Whether a part is the one of its task; if so its values are written, or what it is split into is to be fetched. */
  #take(task: Task, part: StatePart): boolean {
    const taken = openPart(this.#map, this.#hasher, task, part);
    if (taken === null) return false;
    this.#todo.push(...taken.below);
    if (taken.values.length > 0) this.#write(taken.values);
    return true;
  }

  #write(values: readonly StateEntry[]): void {
    const bytes = values.reduce((sum, { name, value }) => sum + name.length + value.length, 1);
    this.#unwritten += bytes;
    this.#host.add(values).then(
      () => {
        this.#unwritten -= bytes;
        this.#values += values.length;
        this.#checkComplete();
      },
      error => this.#end(() => this.#host.failed(error)),
    );
  }

  #checkComplete(): void {
    if (this.#todo.length > 0 || this.#unwritten > 0) return;
    if ([...this.#members.values()].some(({ owes }) => owes.size > 0)) return;
    this.#end(() => this.#host.complete());
  }

  #end(tell: () => void): void {
    if (this.#over) return;
    this.#over = true;
    tell();
  }

  #leave(member: Member): void {
    member.out = true;
    this.#returnAll(member);
  }

  #returnAll(member: Member): void {
    this.#todo.push(...member.owes.values());
    member.owes.clear();
  }

  #member(code: string): Member {
    let member = this.#members.get(code);
    if (member === undefined) {
      member = { owes: new Map(), since: 0, failures: 0, restsUntil: 0, out: false };
      this.#members.set(code, member);
    }
    return member;
  }
}
