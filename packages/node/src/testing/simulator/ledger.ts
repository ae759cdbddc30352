import {
  type Entry,
  emptyEdge,
  encode,
  entryCodec,
  type Header,
  memoryNodeStore,
  parseCheckpoint,
  type Submission,
  submissionHeaderCodec,
  type TileEdge,
  toHex,
  toUtf8,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Block } from '../../consensus/messages.ts';
import { applyBlock, genesisWrite } from '../../engine/apply.ts';
import type { StateChange } from '../../ports/ledger-store.ts';
import { rebuild } from '../../state/rebuild.ts';
import { A, keyOf, testChain } from '../../state/testing/ledger.ts';
import { Violation } from '../checkers/violation.ts';

const { hasher } = nativeSuite;
const chain = testChain();
const DAY = 24 * 3_600_000;
/** One batch in so many carries a submission: enough to fill the log and the state, and cheap. */
const EVERY = 16;
/** One head in so many is compared with the rebuilt one. */
const COMPARED = 25;

/** The ledger of one simulated run: real execution, log and state, and a naive rebuild at the end. */
export class SimulatedLedger {
  readonly #values = new Map<string, Uint8Array>();
  readonly #pages = memoryNodeStore();
  readonly #texts = new Map<string, string>();
  readonly #blocks: { header: Header; submissions: readonly Submission[] }[] = [];
  #edge: TileEdge = emptyEdge;
  /** Checkpoint texts by height. */
  readonly #heads: string[] = [];

  readonly #parsed = new Map<string, string>();
  readonly #digests = new Map<string, string>();
  readonly #corrupt: (text: string) => string;

  /** `corrupt` is for the test that plants a fault in what is stored. */
  constructor(corrupt: (text: string) => string = text => text) {
    this.#corrupt = corrupt;
    const { state, pages } = genesisWrite(chain, nativeSuite);
    this.#store(state);
    this.#pages.apply(pages);
  }

  /** Checkpoint text after a block. The chain is one, so the first replica to get there works it out for all. */
  execute(block: Block): string {
    const known = this.#texts.get(block.hash);
    if (known !== undefined) return known;
    if (block.height !== this.#blocks.length + 1)
      throw new Violation('agreement', `${block.hash} is executed where another block was`);
    const header = headerOf(block);
    const submissions = block.batches.flatMap(submissionsOf);
    const reader = {
      stateValue: (key: Uint8Array) => this.#values.get(toHex(key)) ?? null,
      expired: () => [],
      pages: this.#pages,
    };
    const applied = applyBlock(
      chain,
      nativeSuite,
      reader,
      header,
      digestOf(block.hash),
      submissions,
      this.#edge,
    );
    this.#store(applied.write.state);
    this.#pages.apply(applied.write.pages);
    this.#edge = applied.edge;
    const text = this.#corrupt(applied.write.text);
    this.#blocks.push({ header, submissions });
    this.#heads.push(text);
    this.#texts.set(block.hash, text);
    return text;
  }

  /** Whether a checkpoint text is about this block. */
  says(text: string, height: number, hash: string): boolean {
    let said = this.#parsed.get(text);
    if (said === undefined) {
      const parsed = parseCheckpoint(text);
      said = parsed.ok ? `${parsed.value.height} ${toHex(parsed.value.blockHash)}` : '';
      this.#parsed.set(text, said);
    }
    return said === `${height} ${this.#digestHex(hash)}`;
  }

  #digestHex(hash: string): string {
    let hex = this.#digests.get(hash);
    if (hex === undefined) {
      hex = toHex(digestOf(hash));
      this.#digests.set(hash, hex);
    }
    return hex;
  }

  /** Records in the log. */
  get size(): number {
    return this.#edge.size;
  }

  /**
   * Builds log and state again from the blocks alone, with code that shares nothing with the above, and compares: the
   * last head and some before, so that every head extends the ones below it.
   */
  recheck(): void {
    const last = this.#blocks.length;
    for (const built of rebuild(chain, nativeSuite, this.#blocks)) {
      if (built.height !== last && built.height % COMPARED !== 0) continue;
      const [, size, logRoot, , state] = this.#heads[built.height - 1]!.split('\n');
      const mine = `${size} ${logRoot} ${state?.split(' ')[1]}`;
      const theirs = `${built.size} ${base64(built.logRoot)} ${base64(built.stateRoot)}`;
      if (mine !== theirs)
        throw new Violation('rebuild', `at ${built.height} the ledger says ${mine}, its blocks ${theirs}`);
    }
  }

  /** The checkpoint text of a height. */
  head(height: number): string | undefined {
    return this.#heads[height - 1];
  }

  #store(changes: readonly StateChange[]): void {
    for (const { key, value } of changes) {
      if (value === null) this.#values.delete(toHex(key));
      else this.#values.set(toHex(key), value);
    }
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function digestOf(name: string): Uint8Array {
  return hasher.digest(toUtf8(name));
}

function headerOf(block: Block): Header {
  const { height, parent, proposer, epoch, timestamp, barrier } = block;
  const batches = block.batches.map(digestOf);
  return {
    v: 1,
    genesis: chain.hash,
    height,
    parent: digestOf(parent),
    proposer,
    epoch,
    timestamp,
    batches,
    barrier,
  };
}

/** What a symbolic batch stands for: a subject opened, later changed with a guess at its last record's index. */
function submissionsOf(batch: string): readonly Submission[] {
  const number = Number(batch.slice('batch '.length));
  if (number % EVERY !== 0) return [];
  const turn = number / EVERY;
  const publishes = turn % 3 === 0;
  const entry: Entry = {
    profile: 'note',
    action: publishes ? 'open' : 'change',
    subject: { issuer: A, id: `document ${Math.floor(turn / 3)}` },
    digest: publishes ? { alg: 'sha256', hash: digestOf(batch) } : null,
    prev: publishes ? null : Math.floor(turn / 3),
    links: [],
    meta: new Map(),
    origin: null,
  };
  const nonce = digestOf(`nonce ${batch}`).subarray(0, 16);
  const header = {
    v: 1 as const,
    genesis: chain.hash,
    publisher: A,
    key: keyOf(A),
    nonce,
    issuedAt: 0,
    expires: DAY,
    count: 1,
    root: digestOf(`root ${batch}`),
  };
  const headerBytes = encode(submissionHeaderCodec, header);
  const signature = new Uint8Array(64);
  return [
    {
      id: digestOf(`id ${batch}`),
      header,
      headerBytes,
      signature,
      entries: [entry],
      entryBytes: [encode(entryCodec, entry)],
    },
  ];
}
