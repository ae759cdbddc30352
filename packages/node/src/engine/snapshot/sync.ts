import type { Chain, Suite } from '@qifeng/core';
import type { LedgerReader, SnapshotStore } from '../../ports/ledger-store.ts';
import type { WireCodecs } from '../wire/codecs.ts';
import type { Frame } from '../wire/frames.ts';
import { type VerifiedManifest, verifyManifest } from './manifest.ts';
import { PartFetcher } from './part-fetcher.ts';

/** Ms between two requests for a snapshot to one member. */
const ASK_AGAIN = 5_000;
/** Ms for which offers are gathered before one is chosen. */
const GATHER = 1_000;
/** Ms for which blocks are not asked for while it is not known who has a snapshot; and before they wait again for those asked before. */
const WAIT = 1_500;
const WAIT_AGAIN = 60_000;
/** Ms without a new value after which another snapshot is looked for. */
const MOST_IDLE = 60_000;

/** What a node that is far behind needs to fetch a snapshot. */
export interface SnapshotSyncParts {
  readonly chain: Chain;
  readonly suite: Suite;
  readonly codecs: WireCodecs;
  readonly ledger: Pick<LedgerReader, 'head'>;
  /** Blocks behind a certified checkpoint from which on a snapshot is fetched instead of them. */
  readonly distance: number;
  connected(): readonly string[];
  send(member: string, frame: Frame): void;
  open(): Promise<SnapshotStore>;
  /** The new store is complete and closed; this node has to go on with it. */
  adopt(manifest: VerifiedManifest): Promise<void>;
  log(level: 'info' | 'warn', event: string, fields: Record<string, unknown>): void;
  fatal(error: unknown): void;
}

/** A snapshot that members offer. */
interface Offered {
  readonly manifest: VerifiedManifest;
  members: number;
}

/** A snapshot that is being fetched. */
interface Fetch {
  readonly manifest: VerifiedManifest;
  readonly height: number;
  /** Null while the new store is opened. */
  fetcher: PartFetcher | null;
  store: SnapshotStore | null;
  values: number;
  since: number;
}

/**
 * The side of a node that is far behind. A height that a member claims only makes it ask; what it begins to fetch is
 * decided by a manifest that the genesis verifies, and every part by its hash. One snapshot at a time.
 */
export class SnapshotSync {
  readonly #parts: SnapshotSyncParts;
  readonly #asked = new Map<string, { at: number; open: boolean }>();
  /** Members that gave what was false: not asked any more while this process runs. */
  readonly #liars = new Set<string>();
  /** By height, since the first of them came. */
  readonly #offers = new Map<number, Offered>();
  #offeredAt = 0;
  #fetch: Fetch | null = null;
  /** When it began to wait for offers; a height that is only claimed must not keep it from the blocks for long. */
  #waitedAt = Number.NEGATIVE_INFINITY;
  #waits = false;

  constructor(parts: SnapshotSyncParts) {
    this.#parts = parts;
  }

  /** Whether a snapshot is under way: blocks before it need not be asked for. */
  get active(): boolean {
    return this.#fetch !== null || this.#waits;
  }

  /** A member says how far it is. */
  heard(member: string, final: number, now: number): void {
    const above = this.#worthwhile - 1;
    const asked = this.#asked.get(member);
    if (this.#fetch !== null || final <= above || this.#liars.has(member)) return;
    if (asked !== undefined && now - asked.at < ASK_AGAIN) return;
    this.#asked.set(member, { at: now, open: true });
    // One asked for the first time may have come back only now, when another was found to lie.
    if (asked === undefined || now - this.#waitedAt >= WAIT_AGAIN) {
      this.#waitedAt = now;
      this.#waits = true;
    }
    this.#parts.send(member, { type: 'snapshot-request', above });
  }

  /** A manifest came. */
  offered(member: string, bytes: Uint8Array, now: number): void {
    const asked = this.#asked.get(member);
    if (asked?.open !== true || this.#fetch !== null) return;
    asked.open = false;
    const { chain, suite, codecs, log } = this.#parts;
    const manifest = verifyManifest(chain, suite, codecs, bytes);
    if (!manifest.ok) {
      this.#lied(member, `${manifest.fault.code}: ${manifest.fault.detail}`, now);
      return;
    }
    const { height } = manifest.value.base.head.header;
    if (height < this.#worthwhile) return;
    log('info', 'snapshot-offered', { height, from: member });
    if (this.#offers.size === 0) this.#offeredAt = now;
    const offer = this.#offers.get(height);
    if (offer === undefined) this.#offers.set(height, { manifest: manifest.value, members: 1 });
    else offer.members++;
  }

  /** A part came. */
  received(member: string, part: Parameters<PartFetcher['received']>[1], now: number): void {
    const fetch = this.#fetch;
    if (fetch?.height === part.height) fetch.fetcher?.received(member, part, now);
  }

  tick(now: number): void {
    const fetch = this.#fetch;
    if (now - this.#waitedAt >= WAIT) this.#waits = false;
    if (fetch === null && this.#offers.size > 0 && now - this.#offeredAt >= GATHER) this.#choose(now);
    if (fetch?.fetcher == null) return;
    fetch.fetcher.tick(now);
    if (this.#isPassed(fetch)) {
      this.#abandon(fetch, 'blocks were quicker');
      return;
    }
    if (fetch.fetcher.values > fetch.values) {
      fetch.values = fetch.fetcher.values;
      fetch.since = now;
    } else if (now - fetch.since > MOST_IDLE) this.#abandon(fetch, 'nothing came for a minute');
  }

  stop(): void {
    this.#fetch?.fetcher?.stop();
  }

  /** Blocks have come as far meanwhile: their headers were on their way when it began. */
  #isPassed({ height }: Fetch): boolean {
    return (this.#parts.ledger.head()?.header.height ?? 0) >= height;
  }

  /** Takes what most members have, else the newest: one alone could be slow with what nobody else has. */
  #choose(now: number): void {
    const [best] = [...this.#offers].sort((a, b) => b[1].members - a[1].members || b[0] - a[0]);
    const [height, { manifest }] = best!;
    this.#offers.clear();
    this.#parts.log('info', 'snapshot', { height });
    const fetch: Fetch = { manifest, height, fetcher: null, store: null, values: 0, since: now };
    this.#fetch = fetch;
    this.#begin(fetch, now).catch(error => this.#parts.fatal(error));
  }

  /** The lowest height of a snapshot that is fetched instead of blocks. */
  get #worthwhile(): number {
    return (this.#parts.ledger.head()?.header.height ?? 0) + this.#parts.distance;
  }

  async #begin(fetch: Fetch, now: number): Promise<void> {
    const { suite, connected, send, open, fatal } = this.#parts;
    const store = await open();
    const { height } = fetch;
    fetch.store = store;
    fetch.fetcher = new PartFetcher(
      {
        connected: () => connected().filter(member => !this.#liars.has(member)),
        request: (member, paths) => send(member, { type: 'part-request', height, paths }),
        add: values => store.add(values),
        lied: (member, at) =>
          this.#lied(member, `a part of block ${height} is not what its state root says`, at),
        complete: () => void this.#complete(fetch).catch(fatal),
        forsaken: () => this.#abandon(fetch, 'no member has it'),
        failed: fatal,
      },
      suite.hasher,
      fetch.manifest.base.stateRoot,
    );
    fetch.fetcher.ask(now);
  }

  async #complete(fetch: Fetch): Promise<void> {
    const { manifest, store, fetcher, height } = fetch;
    const { adopt, log } = this.#parts;
    if (this.#isPassed(fetch)) {
      this.#abandon(fetch, 'blocks were quicker');
      return;
    }
    await store!.finish(manifest.base);
    log('info', 'snapshot-fetched', { height, values: fetcher!.values });
    await adopt(manifest);
  }

  #abandon(fetch: Fetch, reason: string): void {
    fetch.fetcher?.stop();
    fetch.fetcher = null;
    this.#parts.log('warn', 'snapshot-abandoned', { height: fetch.height, reason });
    fetch.store?.discard().then(() => {
      this.#fetch = null;
    }, this.#parts.fatal);
  }

  /** The others get as long again to offer theirs: else blocks would be asked for the moment that one is found out. */
  #lied(member: string, reason: string, now: number): void {
    this.#liars.add(member);
    [this.#waits, this.#waitedAt] = [true, now];
    this.#parts.log('warn', 'snapshot-refused', { member, reason });
  }
}
