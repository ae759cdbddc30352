import { bytesOfHex } from '@qifeng/core';
import type { Use } from '../consensus/accept.ts';
import type { Block } from '../consensus/messages.ts';
import { MAX_BATCH_BYTES } from '../mempool/batch.ts';

/**
 * Bytes of bodies that may be under way, or here before their block is executed: what is kept parsed. Above that only what
 * comes next is fetched.
 */
const MOST_AHEAD = 16 * 1024 * 1024;
/** Bytes, and bodies, that one member is asked for at a time: less than it lets wait for us. */
const MOST_OF_ONE = { bytes: 4 * 1024 * 1024, bodies: 128 };
/** What a body counts for before any came. */
const FIRST_GUESS = 64 * 1024;
/** Ms without anything from a member that owes us bodies, after which others are asked for them. */
const PATIENCE = 1_500;
/** The same for what holds up execution: another is asked as well, and nobody is blamed. */
const HURRY = 300;
/** Ms between looks at which blocks are still of account. */
const TIDY = 500;
/** Bodies that hold up execution. */
const FIRST_IN_LINE = 8;
/** Ms that a member is passed over that did not deliver, doubled each time in a row up to the second number. */
const REST = [2_000, 60_000] as const;

/** What a fetcher asks and tells. */
export interface BodyFetcherHost {
  /** Bytes of the body if it is persisted here, or null. */
  sizeOf(digest: string): number | null;
  connected(): readonly string[];
  request(member: string, digests: readonly Uint8Array[]): void;
  /** All bodies of a block are here. */
  complete(block: Block): void;
  /** What the bodies of a block are good for now. */
  useOf(block: Block): Use;
}

/** A block that waits for bodies, or that nobody may accept: then nothing is missing, and it is never complete. */
interface Waiting {
  readonly block: Block;
  readonly missing: Set<string>;
  /** Of its bodies whose size is known. */
  bytes: number;
  known: number;
  /** How many of the missing ones somebody was asked for. */
  asked: number;
}

interface Wanted {
  readonly digest: string;
  /** Bytes, known from when it came and is being checked. */
  size: number | null;
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
 * member that does not deliver is passed over. Whether bytes are the right ones is told by their digest, so a member that
 * sends others has not delivered. Whoever makes a block names bodies without their sizes: what is fetched for one block ends
 * where nobody may accept it, and what is under way or too early for all of them is bounded. Times are ms of one clock.
 */
export class BodyFetcher {
  readonly #host: BodyFetcherHost;
  readonly #maxBytes: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #wanted = new Map<string, Wanted>();
  readonly #members = new Map<string, Member>();
  /** Bodies that came before a block was executed that names them. */
  readonly #early = new Map<string, { readonly blocks: ReadonlySet<Block>; readonly size: number }>();
  #earlyBytes = 0;
  #underWay = 0;
  #guess = FIRST_GUESS;
  #executed = 0;
  #tidiedAt = 0;

  /** `maxBytes`: of all bodies of a block, at most. */
  constructor(host: BodyFetcherHost, maxBytes: number) {
    this.#host = host;
    this.#maxBytes = maxBytes;
  }

  /** Wants the bodies of a block, for `ask` to ask for; again is harmless. `complete` is told at once if all are here. */
  want(block: Block): void {
    if (this.#waiting.has(block.hash)) return;
    const waiting: Waiting = { block, missing: new Set(), bytes: 0, known: 0, asked: 0 };
    for (const digest of block.batches) {
      const here = this.#host.sizeOf(digest);
      if (here === null) waiting.missing.add(digest);
      this.#measure(waiting, here ?? this.#wanted.get(digest)?.size ?? null);
      if (this.#isTooMuch(waiting)) break;
    }
    if (this.#isTooMuch(waiting)) waiting.missing.clear();
    else if (waiting.missing.size === 0) {
      this.#host.complete(block);
      return;
    }
    this.#waiting.set(block.hash, waiting);
    for (const digest of waiting.missing) this.#wantOne(digest, waiting);
  }

  /** Whether a batch of so many bytes that came is to be kept because a block waits for it that may have as much. */
  takes(digest: string, size: number): boolean {
    const wanted = this.#wanted.get(digest);
    if (wanted === undefined) return false;
    if (wanted.size === null && this.#earlyBytes + size > MOST_AHEAD && !this.#isUrgent(wanted)) {
      // Nobody is to blame: it is asked for again when there is room.
      for (const code of [...wanted.asked.keys()]) this.#release(wanted, code);
      return false;
    }
    this.#sized(wanted, size);
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
    this.#guess += (size - this.#guess) / 16;
    if (from !== null && wanted.asked.has(from)) {
      const member = this.#member(from, now);
      member.since = now;
      member.failures = 0;
    }
    this.#sized(wanted, size);
    for (const code of [...wanted.asked.keys()]) this.#release(wanted, code);
    this.#wanted.delete(digest);
    for (const block of wanted.blocks) {
      const { missing } = this.#waiting.get(block.hash)!;
      missing.delete(digest);
      if (missing.size > 0) continue;
      this.#waiting.delete(block.hash);
      // One that was here when it was wanted first may be gone by now.
      this.want(block);
    }
    this.ask(now);
  }

  /** A block was executed: nothing at or below its height is waited for any more. */
  executed(height: number, now: number): void {
    this.#executed = height;
    for (const [digest, early] of this.#early) {
      if ([...early.blocks].some(block => block.height > height)) break;
      this.#account(digest, null);
    }
    for (const { block } of this.#waiting.values()) {
      if (block.height > height) break;
      this.#leave(block);
    }
    this.ask(now);
  }

  /** Time passed: who owes bodies and sends nothing is passed over, and others are asked. */
  tick(now: number): void {
    if (now - this.#tidiedAt >= TIDY) this.#tidy(now);
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

  #wantOne(digest: string, waiting: Waiting): void {
    const { block } = waiting;
    const { height, proposer } = block;
    const wanted = this.#wanted.get(digest);
    if (wanted === undefined) {
      const [blocks, asked, failed] = [new Set([block]), new Map<string, number>(), new Set<string>()];
      this.#wanted.set(digest, { digest, size: null, height, proposer, blocks, asked, failed });
    } else {
      wanted.blocks.add(block);
      wanted.height = Math.min(wanted.height, height);
      if (wanted.asked.size > 0) waiting.asked++;
    }
  }

  #measure(waiting: Waiting, size: number | null): void {
    if (size === null) return;
    waiting.bytes += size;
    waiting.known++;
  }

  #isTooMuch({ bytes }: Waiting): boolean {
    return bytes > this.#maxBytes;
  }

  /** A body came and has this size, whether it be sound or not: blocks that may not have as much are waited for no more. */
  #sized(wanted: Wanted, size: number): void {
    if (wanted.size !== null) return;
    wanted.size = size;
    for (const block of [...wanted.blocks]) {
      const waiting = this.#waiting.get(block.hash)!;
      this.#measure(waiting, size);
      if (!this.#isTooMuch(waiting)) continue;
      for (const digest of waiting.missing) this.#forget(digest, block);
      waiting.missing.clear();
    }
    if (wanted.blocks.size === 0) return;
    this.#account(wanted.digest, { blocks: wanted.blocks, size });
  }

  /** Counts a body among those that came early, or no more. */
  #account(
    digest: string,
    early: { readonly blocks: ReadonlySet<Block>; readonly size: number } | null,
  ): void {
    this.#earlyBytes += (early?.size ?? 0) - (this.#early.get(digest)?.size ?? 0);
    if (early === null) this.#early.delete(digest);
    else this.#early.set(digest, early);
  }

  /** A block is waited for no more. */
  #leave(block: Block): void {
    const { missing } = this.#waiting.get(block.hash)!;
    this.#waiting.delete(block.hash);
    for (const digest of missing) this.#forget(digest, block);
  }

  /** Whether something waits for it that is committed, or accepted next. */
  #isUrgent({ blocks }: Wanted): boolean {
    for (const block of blocks) if (['committed', 'next'].includes(this.#host.useOf(block))) return true;
    return false;
  }

  /** Whether one more body may be asked for of one of the blocks that wait for it. */
  #hasRoom({ blocks }: Wanted): boolean {
    for (const block of blocks) if (this.#hasRoomIn(this.#waiting.get(block.hash)!)) return true;
    return false;
  }

  /** Until some came they may be as large as a body can be. What is committed, others have measured. */
  #hasRoomIn({ block, bytes, known, asked }: Waiting): boolean {
    if (this.#host.useOf(block) === 'committed') return true;
    const each = known === 0 ? MAX_BATCH_BYTES : bytes / known;
    return asked === 0 || bytes + (asked + 1) * each <= this.#maxBytes;
  }

  /** Nothing is kept of blocks that are executed, or that a later view or another block at their height left behind. */
  #tidy(now: number): void {
    this.#tidiedAt = now;
    const isOver = (block: Block): boolean =>
      block.height <= this.#executed || this.#host.useOf(block) === 'none';
    for (const [digest, { blocks }] of this.#early)
      if ([...blocks].every(isOver)) this.#account(digest, null);
    for (const { block } of this.#waiting.values()) if (isOver(block)) this.#leave(block);
  }

  #forget(digest: string, block: Block): void {
    const wanted = this.#wanted.get(digest);
    if (wanted === undefined) return;
    wanted.blocks.delete(block);
    wanted.height = Math.min(...[...wanted.blocks].map(({ height }) => height));
    if (wanted.blocks.size > 0) return;
    for (const code of [...wanted.asked.keys()]) this.#release(wanted, code);
    this.#wanted.delete(digest);
  }

  /** Nobody waits for this any more from a member. */
  #release(wanted: Wanted, code: string): void {
    if (!wanted.asked.delete(code)) return;
    this.#members.get(code)?.owes.delete(wanted.digest);
    this.#underWay--;
    if (wanted.asked.size === 0) this.#count(wanted, -1);
  }

  #count({ blocks }: Wanted, more: number): void {
    for (const { hash } of blocks) {
      const waiting = this.#waiting.get(hash);
      if (waiting !== undefined) waiting.asked += more;
    }
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
      const first = place < FIRST_IN_LINE && wanted.height < lowest + FIRST_IN_LINE && this.#isUrgent(wanted);
      if (first) place++;
      if (!first && this.#earlyBytes + this.#underWay * this.#guess >= MOST_AHEAD) {
        if (place === FIRST_IN_LINE) break;
        continue;
      }
      if (wanted.asked.size === 0 && !this.#hasRoom(wanted)) continue;
      if (wanted.asked.size > 0 && !(first && this.#isLate(wanted, now))) continue;
      const code = this.#choose(wanted, able, most);
      if (code === null) {
        if (!first) break;
        continue;
      }
      const member = this.#member(code, now);
      if (member.owes.size === 0) member.since = now;
      member.owes.add(wanted.digest);
      if (wanted.asked.size === 0) this.#count(wanted, 1);
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
