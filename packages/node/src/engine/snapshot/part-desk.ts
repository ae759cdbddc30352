import { MAX_VALIDATORS } from '@qifeng/core';
import { KeyedBuckets } from '../../limits/keyed-buckets.ts';
import { sharerOf } from '../../limits/sharer.ts';
import type { FrozenState } from '../../ports/ledger-store.ts';
import { PART_BYTES, PART_VALUES, type StatePart } from '../wire/snapshots.ts';

/** Bytes of a state that one member is sent. */
const RATE = { perSecond: 16 * 1024 * 1024, burst: 16 * 1024 * 1024 };
/** Parts that one member may wait for. */
const MOST_WAITING = 64;

/** What a desk answers with. */
export interface PartDeskHost {
  at(height: number): FrozenState | null;
  /** Sends a part; gives its bytes. */
  send(member: string, part: StatePart): number;
  /** Runs `task` after so many ms, with everything else in between. */
  later(task: () => void, ms: number): void;
  now(): number;
}

/** A part that a member, or an observer, waits for. */
interface Wanted {
  readonly member: string;
  readonly height: number;
  readonly path: string;
}

/**
 * Gives parts of frozen states to members that ask, one after the other and no more than half of the time: whoever votes
 * has other things to do. What a member may not have is left out, for it to ask others.
 */
export class PartDesk {
  readonly #host: PartDeskHost;
  readonly #given = new KeyedBuckets(RATE, MAX_VALIDATORS);
  /** By who shares: all observers wait in one line. */
  readonly #waiting = new Map<string, Wanted[]>();
  #running = false;

  constructor(host: PartDeskHost) {
    this.#host = host;
  }

  /** Takes a request. */
  ask(member: string, height: number, paths: readonly string[]): void {
    const sharer = sharerOf(member);
    const waiting = this.#waiting.get(sharer) ?? [];
    if (waiting.length === 0) this.#waiting.set(sharer, waiting);
    for (const path of paths.slice(0, MOST_WAITING - waiting.length)) waiting.push({ member, height, path });
    if (this.#running) return;
    this.#running = true;
    this.#host.later(() => this.#next(), 0);
  }

  #next(): void {
    const start = this.#host.now();
    for (const [sharer, waiting] of this.#waiting) {
      const { member, height, path } = waiting.shift()!;
      // Members in turn.
      this.#waiting.delete(sharer);
      if (waiting.length > 0) this.#waiting.set(sharer, waiting);
      if (this.#given.wait(sharer, start) > 0) continue;
      const bytes = this.#host.send(member, partOf(this.#host.at(height), height, path));
      this.#given.take(sharer, bytes, start);
      break;
    }
    this.#running = this.#waiting.size > 0;
    if (this.#running) this.#host.later(() => this.#next(), this.#host.now() - start);
  }
}

/** The part at a path: its values if they are few, else what it is split into. */
export function partOf(state: FrozenState | null, height: number, path: string): StatePart {
  const none = { height, path, children: null, values: null };
  if (state === null) return none;
  const values = state.values(path, { count: PART_VALUES, bytes: PART_BYTES });
  if (values !== null) return values.length === 0 ? none : { ...none, values };
  const children = state.children(path).map(part => {
    if (part === null) return null;
    return part.kind === 'inner' ? { key: null, hash: part.hash } : { key: part.key, hash: part.valueHash };
  });
  return { ...none, children };
}
