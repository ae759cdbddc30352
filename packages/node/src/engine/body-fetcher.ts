import { bytesOfHex } from '@qifeng/core';
import type { Block } from '../consensus/messages.ts';

/** Bytes of bodies that may be under way, or here before their block is executed: what is kept parsed. */
const MOST_AHEAD = 16 * 1024 * 1024;
/** Bytes, and bodies, that one member is asked for at a time: less than it lets wait for us. */
const MOST_OF_ONE = { bytes: 4 * 1024 * 1024, bodies: 128 };
/** What a body counts for before any came. */
const FIRST_GUESS = 64 * 1024;
/** Ms without anything from a member that owes us bodies, after which others are asked for them. */
const PATIENCE = 1_500;
/** The same for what holds up execution: another is asked as well, and nobody is blamed. */
const HURRY = 300;
/** Bodies that hold up execution. */
const FIRST_IN_LINE = 8;
/** Ms that a member is passed over that did not deliver, doubled each time in a row up to the second number. */
const REST = [2_000, 60_000] as const;

/** What a fetcher asks and tells. */
export interface BodyFetcherHost {
  /** True iff the body is persisted here. */
  has(digest: string): boolean;
  connected(): readonly string[];
  request(member: string, digests: readonly Uint8Array[]): void;
  /** All bodies of a block are here. */
  complete(block: Block): void;
}

interface Wanted {
  readonly digest: string;
  /** Lowest height of a block that waits for it, and who proposed that. */
  height: number;
  proposer: string;
  readonly blocks: Set<Block>;
  /** Members asked for it that have not answered yet, and when they were. */
  readonly asked: Map<string, number>;
  /** Members that were given up. */
  readonly failed: Set<string>;
}

interface Member {
  readonly owes: Set<string>;
  /** When it last delivered, or was asked while it owed nothing. */
  since: number;
  failures: number;
  restsUntil: number;
}

/**
 * Gets the bodies of blocks from all members at once, the lowest block first: requests for many blocks go together, a
 * member that does not deliver is passed over, and what is under way or too early is bounded in bytes. Whether bytes are
 * the right ones is told by their digest, so a member that sends others has not delivered. Times are ms of one clock.
 */
export class BodyFetcher {
  readonly #host: BodyFetcherHost;
  readonly #waiting = new Map<string, { readonly block: Block; readonly missing: Set<string> }>();
  readonly #wanted = new Map<string, Wanted>();
  readonly #members = new Map<string, Member>();
  /** Bodies that came before the block was executed that names them. */
  readonly #early = new Map<string, { readonly height: number; readonly size: number }>();
  #earlyBytes = 0;
  #underWay = 0;
  #guess = FIRST_GUESS;

  constructor(host: BodyFetcherHost) {
    this.#host = host;
  }

  /** Wants the bodies of a block, for `ask` to ask for; again is harmless. `complete` is told at once if all are here. */
  want(block: Block): void {
    if (this.#waiting.has(block.hash)) return;
    const missing = new Set(block.batches.filter(digest => !this.#host.has(digest)));
    if (missing.size === 0) {
      this.#host.complete(block);
      return;
    }
    this.#waiting.set(block.hash, { block, missing });
    for (const digest of missing) this.#wantOne(digest, block);
  }

  /** Whether a block waits for this batch. */
  wants(digest: string): boolean {
    return this.#wanted.has(digest);
  }

  /** The blocks that wait for this batch. */
  blocksOf(digest: string): ReadonlySet<Block> {
    return this.#wanted.get(digest)?.blocks ?? NONE;
  }

  /** A batch of so many bytes is persisted here; from a member, or null. */
  arrived(digest: string, size: number, from: string | null, now: number): void {
    const wanted = this.#wanted.get(digest);
    if (wanted === undefined) return;
    this.#wanted.delete(digest);
    this.#guess += (size - this.#guess) / 16;
    this.#early.set(digest, { height: wanted.height, size });
    this.#earlyBytes += size;
    if (from !== null && wanted.asked.has(from)) {
      const member = this.#member(from, now);
      member.since = now;
      member.failures = 0;
    }
    for (const code of [...wanted.asked.keys()]) this.#release(wanted, code);
    for (const block of wanted.blocks) {
      const waiting = this.#waiting.get(block.hash);
      waiting?.missing.delete(digest);
      if (waiting?.missing.size !== 0) continue;
      this.#waiting.delete(block.hash);
      this.#host.complete(block);
    }
    this.ask(now);
  }

  /** A block was executed: nothing at or below its height is waited for any more. */
  executed(height: number, now: number): void {
    for (const [digest, early] of this.#early) {
      if (early.height > height) break;
      this.#early.delete(digest);
      this.#earlyBytes -= early.size;
    }
    for (const [hash, { block, missing }] of this.#waiting) {
      if (block.height > height) break;
      this.#waiting.delete(hash);
      for (const digest of missing) this.#forget(digest, block);
    }
    this.ask(now);
  }

  /** Time passed: who owes bodies and sends nothing is passed over, and others are asked. */
  tick(now: number): void {
    for (const [code, member] of this.#members) {
      if (member.owes.size === 0 || now - member.since < PATIENCE) continue;
      for (const digest of [...member.owes]) {
        const wanted = this.#wanted.get(digest)!;
        wanted.failed.add(code);
        this.#release(wanted, code);
      }
      member.restsUntil = now + Math.min(REST[0] * 2 ** member.failures, REST[1]);
      member.failures++;
    }
    // It delivers, but not this one: it does not have it.
    for (const wanted of this.#wanted.values())
      for (const [code, at] of wanted.asked)
        if (now - at >= 2 * PATIENCE) {
          wanted.failed.add(code);
          this.#release(wanted, code);
        }
    this.ask(now);
  }

  #wantOne(digest: string, block: Block): void {
    const { height, proposer } = block;
    const wanted = this.#wanted.get(digest);
    if (wanted === undefined) {
      const [blocks, asked, failed] = [new Set([block]), new Map<string, number>(), new Set<string>()];
      this.#wanted.set(digest, { digest, height, proposer, blocks, asked, failed });
    } else {
      wanted.blocks.add(block);
      wanted.height = Math.min(wanted.height, height);
    }
  }

  #forget(digest: string, block: Block): void {
    const wanted = this.#wanted.get(digest);
    if (wanted === undefined) return;
    wanted.blocks.delete(block);
    if (wanted.blocks.size > 0) return;
    for (const code of [...wanted.asked.keys()]) this.#release(wanted, code);
    this.#wanted.delete(digest);
  }

  /** Nobody waits for this any more from a member. */
  #release(wanted: Wanted, code: string): void {
    if (!wanted.asked.delete(code)) return;
    this.#members.get(code)?.owes.delete(wanted.digest);
    this.#underWay--;
  }

  #member(code: string, now: number): Member {
    let member = this.#members.get(code);
    if (member === undefined) {
      member = { owes: new Set(), since: now, failures: 0, restsUntil: 0 };
      this.#members.set(code, member);
    }
    return member;
  }

  /** Shares out what nobody was asked for yet, in the order in which it was wanted: that of the blocks. */
  ask(now: number): void {
    if (this.#wanted.size === 0) return;
    const most = Math.max(1, Math.min(MOST_OF_ONE.bodies, Math.floor(MOST_OF_ONE.bytes / this.#guess)));
    const able = this.#host.connected().filter(code => {
      const { owes, restsUntil } = this.#member(code, now);
      // Requests are worth their while: half of what a member may owe at a time.
      return restsUntil <= now && (owes.size <= most / 2 || this.#underWay < FIRST_IN_LINE);
    });
    if (able.length === 0) return;
    const requests = new Map<string, string[]>();
    let place = 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (const wanted of this.#wanted.values()) {
      lowest = Math.min(lowest, wanted.height);
      const first = place++ < FIRST_IN_LINE && wanted.height < lowest + FIRST_IN_LINE;
      if (!first && this.#earlyBytes + this.#underWay * this.#guess >= MOST_AHEAD) break;
      if (wanted.asked.size > 0 && !(first && this.#isLate(wanted, now))) continue;
      const code = this.#choose(wanted, able, most);
      if (code === null) {
        if (!first) break;
        continue;
      }
      const member = this.#member(code, now);
      if (member.owes.size === 0) member.since = now;
      member.owes.add(wanted.digest);
      wanted.asked.set(code, now);
      this.#underWay++;
      const digests = requests.get(code);
      if (digests === undefined) requests.set(code, [wanted.digest]);
      else digests.push(wanted.digest);
    }
    for (const [code, digests] of requests) this.#host.request(code, digests.map(bytesOfHex));
  }

  #isLate(wanted: Wanted, now: number): boolean {
    return wanted.asked.size === 1 && [...wanted.asked.values()].every(at => now - at >= HURRY);
  }

  /** The proposer if it was not asked, else the one that owes least of those that may have it; null: all are busy. */
  #choose({ proposer, asked, failed }: Wanted, able: readonly string[], most: number): string | null {
    const others = able.filter(code => !asked.has(code));
    const left = others.filter(code => !failed.has(code));
    // Everybody failed: maybe somebody has it by now.
    if (left.length === 0) failed.clear();
    let best: string | null = null;
    let least = most;
    for (const code of left.length === 0 ? others : left) {
      const owes = this.#members.get(code)!.owes.size;
      if (owes < least || (code === proposer && owes === 0)) {
        best = code;
        least = code === proposer && owes === 0 ? -1 : owes;
      }
    }
    return best;
  }
}

const NONE: ReadonlySet<Block> = new Set();
