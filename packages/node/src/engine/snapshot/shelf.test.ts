import { describe, expect, it } from 'vitest';
import type { Head } from '../../ports/ledger-store.ts';
import { Shelf } from './shelf.ts';

/** A ledger of empty blocks, of which the test says when they are executed and certified. */
class Ledger {
  height = 0;
  now = 0;
  readonly certified = new Set<number>();
  readonly released: number[] = [];
  frozen = 0;
  readonly shelf: Shelf;

  constructor(interval: number) {
    this.shelf = new Shelf({
      interval,
      now: () => this.now,
      manifest: ({ head }) => Uint8Array.of(head.header.height),
      store: {
        head: () => headOf(this.height),
        tiles: { hashes: () => new Uint8Array(0) },
        lastCertificate: () => this.#certificate(Math.max(0, ...this.certified)),
        certificateFrom: height =>
          this.#certificate(Math.min(...[...this.certified].filter(at => at >= height))),
        freeze: async () => {
          this.frozen++;
          const head = headOf(this.height);
          const release = () => void this.released.push(head.header.height);
          return { head, children: () => [], values: () => null, release };
        },
      },
    });
  }

  async run(to: number, certify = true): Promise<void> {
    while (this.height < to) {
      this.height++;
      await this.shelf.executed();
      if (certify) this.certify(this.height);
    }
  }

  certify(height: number): void {
    this.certified.add(height);
    this.shelf.certified();
  }

  get offered(): number | null {
    const height = this.shelf.newest(0)?.state.head.header.height ?? null;
    // Who asked for it does not fetch it.
    this.now += 40_000;
    return height;
  }

  #certificate(height: number) {
    return Number.isFinite(height) && height > 0 ? { height, bytes: new Uint8Array(0) } : null;
  }
}

function headOf(height: number): Head {
  return { header: { height }, size: 0 } as unknown as Head;
}

describe('a state is offered', () => {
  it('at every so many blocks, and soon after the start, once exactly its block is certified', async () => {
    const ledger = new Ledger(10);
    await ledger.run(1, false);
    expect(ledger.offered).toBeNull();
    ledger.certify(1);
    expect(ledger.offered).toBe(1);
    await ledger.run(9);
    expect(ledger.offered).toBe(1);
    await ledger.run(35);
    expect(ledger.offered).toBe(30);
    expect(ledger.frozen).toBe(4);
    expect(ledger.shelf.at(10)).toBeNull();
    expect(ledger.shelf.at(20)?.head.header.height).toBe(20);
    expect(ledger.released).toEqual([1, 10]);
    expect(ledger.shelf.newest(30)).toBeNull();
  });

  it('of the next block if a later certificate overtook that of its own', async () => {
    const ledger = new Ledger(10);
    await ledger.run(9);
    await ledger.run(11, false);
    ledger.certify(11);
    expect([ledger.offered, ledger.released]).toEqual([1, [10]]);
    await ledger.run(12);
    expect(ledger.offered).toBe(12);
  });

  it('not while the node is behind a certificate: nothing is frozen for nothing', async () => {
    const ledger = new Ledger(10);
    ledger.certify(40);
    await ledger.run(39, false);
    expect([ledger.frozen, ledger.offered]).toEqual([0, null]);
    await ledger.run(40, false);
    expect(ledger.offered).toBe(40);
  });

  it('as long as somebody fetches it, but not for ever; two at most', async () => {
    const ledger = new Ledger(10);
    await ledger.run(20);
    for (const end of [30, 40, 50]) {
      expect(ledger.shelf.at(10)).not.toBeNull();
      await ledger.run(end);
      ledger.now += 20_000;
    }
    expect(ledger.shelf.at(50)).not.toBeNull();
    ledger.now += 3_600_000;
    ledger.shelf.at(10);
    await ledger.run(60);
    expect(ledger.shelf.at(10)).toBeNull();
    ledger.shelf.close();
    expect(ledger.released.toSorted((a, b) => a - b)).toEqual([1, 10, 20, 30, 40, 50, 60]);
  });
});
