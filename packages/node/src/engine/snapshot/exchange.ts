import type { Chain, Suite } from '@qifeng/core';
import type { LedgerStore, SnapshotStore } from '../../ports/ledger-store.ts';
import type { SnapshotTraffic } from '../engine-parts.ts';
import type { Epochs } from '../epochs.ts';
import type { HandoverKeeper } from '../handover-keeper.ts';
import type { WireCodecs } from '../wire/codecs.ts';
import type { Frame } from '../wire/frames.ts';
import { manifestMaker } from './make-manifest.ts';
import type { VerifiedManifest } from './manifest.ts';
import { PartDesk } from './part-desk.ts';
import { Shelf } from './shelf.ts';
import { SnapshotSync } from './sync.ts';

/** How a node that is far behind comes to a new store. */
export interface SnapshotFetching {
  /** Blocks behind a certified checkpoint from which on it fetches a snapshot. */
  readonly distance: number;
  /** Begins a store beside its own. */
  open(): Promise<SnapshotStore>;
  /** That store is complete, and the log knows its certificate: from here on the node runs on it. */
  adopted(height: number): void;
}

/** What the exchange of snapshots needs. */
export interface ExchangeParts {
  readonly chain: Chain;
  readonly suite: Suite;
  readonly codecs: WireCodecs;
  readonly store: LedgerStore;
  readonly epochs: Epochs;
  readonly handovers: HandoverKeeper;
  /** Blocks between two states that are offered. */
  readonly interval: number;
  /** Null: this node only gives. */
  readonly fetching: SnapshotFetching | null;
  connected(): readonly string[];
  send(member: string, frame: Frame): void;
  /** Takes in a certificate of the node's own epoch; resolves when its log has it. */
  learn(certificate: VerifiedManifest['certificates'][number]): Promise<void>;
  /** The epoch in which the node takes part. */
  epoch(): number;
  log(level: 'info' | 'warn', event: string, fields: Record<string, unknown>): void;
  fatal(error: unknown): void;
}

/** Snapshots that a node gives, and the one that it may need. */
export interface SnapshotExchange extends SnapshotTraffic {
  /** To be awaited after each executed block. */
  executed(): Promise<void>;
  /** After each stored certificate. */
  certified(): void;
  stop(): void;
}

/** The exchange of one node. */
export function snapshotExchange(parts: ExchangeParts): SnapshotExchange {
  const { chain, suite, codecs, store, interval, fetching, connected, send, log, fatal } = parts;
  const now = (): number => performance.now();
  const timers = new Set<NodeJS.Timeout>();
  const shelf = new Shelf({ store, interval, now, manifest: manifestMaker(parts) });
  const desk = new PartDesk({
    at: height => shelf.at(height),
    send: (member, part) => {
      send(member, { type: 'part', part });
      return (part.values ?? []).reduce((sum, { name, value }) => sum + name.length + value.length, 1024);
    },
    later: (task, ms) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
      }, ms);
      timers.add(timer);
    },
    now,
  });
  const adopt = async ({ certificates, base }: VerifiedManifest): Promise<void> => {
    // Its own epoch's: the log then says that this key has a past, whichever epoch the snapshot is of.
    const certificate = certificates[parts.epoch()];
    if (certificate !== undefined) await parts.learn(certificate);
    fetching!.adopted(base.head.header.height);
  };
  const sync =
    fetching === null
      ? null
      : new SnapshotSync({
          chain,
          suite,
          codecs,
          ledger: store,
          distance: fetching.distance,
          connected,
          send,
          open: () => fetching.open(),
          adopt,
          log,
          fatal,
        });
  return {
    get active() {
      return sync?.active ?? false;
    },
    heard: (member, final) => sync?.heard(member, final, now()),
    tick: () => sync?.tick(now()),
    onFrame(member, frame) {
      switch (frame.type) {
        case 'snapshot-request': {
          const offer = shelf.newest(frame.above);
          if (offer !== null) send(member, { type: 'snapshot', bytes: offer.manifest });
          break;
        }
        case 'part-request':
          desk.ask(member, frame.height, frame.paths);
          break;
        case 'snapshot':
          sync?.offered(member, frame.bytes, now());
          break;
        case 'part':
          sync?.received(member, frame.part, now());
          break;
      }
    },
    executed: () => shelf.executed(),
    certified: () => shelf.certified(),
    stop() {
      for (const timer of timers) clearTimeout(timer);
      sync?.stop();
      shelf.close();
    },
  };
}
