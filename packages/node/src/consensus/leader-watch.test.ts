import { describe, expect, it } from 'vitest';
import { certificate, makeBlock, newView, viewChange } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

/** A follower that has the given blocks committed, executed and final, one each `every` ms, with work always waiting. */
class Follower {
  readonly solo = new Solo({ maxBatches: 2 });
  #now = 0;
  #height = 0;
  #view = 0;
  #parent = 'g';

  /** Ms of ticks; what it asked for. */
  wait(ms: number): string[] {
    const asked: string[] = [];
    for (const end = this.#now + ms; this.#now < end; ) {
      this.#now += 100;
      asked.push(...this.solo.tick(this.#now).filter(line => line.startsWith('asks for view')));
    }
    return asked;
  }

  holds(...digests: readonly string[]): this {
    for (const digest of digests)
      this.solo.give({ type: 'batch', digest, barrier: false, size: 1, weight: 1 });
    return this;
  }

  commits(...batches: readonly string[]): this {
    return this.commitsOf(batches.length, ...batches);
  }

  /** A block whose batches have `size` bytes. */
  commitsOf(size: number, ...batches: readonly string[]): this {
    const hash = `${++this.#height}a`;
    const proposer = `m${this.#view % 4}`;
    const block = makeBlock(hash, this.#parent, { batches, timestamp: this.#height, proposer });
    this.#parent = hash;
    this.solo.propose(this.#view, block);
    this.solo.give({ type: 'bodies', hash, barrier: false, size, weight: size });
    this.solo.catchUp([block]);
    this.solo.executed(hash);
    this.solo.hear({
      type: 'checkpoint-certificate',
      certificate: {
        epoch: 0,
        height: this.#height,
        hash,
        text: `text ${hash}`,
        signatures: [0, 2, 3].map(signer => ({ signer, time: 1, signature: new Uint8Array([1]) })),
      },
    });
    return this;
  }

  enters(view: number): this {
    this.#view = view;
    this.solo.hear(
      newView(
        view,
        [0, 2, 3].map(signer =>
          viewChange(view, signer, { high: certificate('prepare', view - 1, this.#parent) }),
        ),
      ),
    );
    return this;
  }
}

describe('a leader that leaves something out', () => {
  it('is judged 10 s after all were told again, by a block that had room', () => {
    const follower = new Follower().holds('x');
    for (let second = 0; second < 20; second++) {
      follower.commits(`other ${second}`);
      expect(follower.wait(1_000), `${second} s`).toEqual(
        second < 19 ? [] : ['asks for view 1: censoring-leader'],
      );
    }
  });

  it('is not judged by blocks that have no room for it, however few batches they hold', () => {
    const follower = new Follower().holds('x');
    for (let second = 0; second < 29; second++) {
      follower.commitsOf(100, `other ${second}`);
      expect(follower.wait(1_000)).toEqual([]);
    }
  });

  it('is not judged by full blocks of what came before', () => {
    const older = Array.from({ length: 60 }, (_, i) => `older ${i}`);
    const follower = new Follower().holds(...older, 'x');
    for (let second = 0; second < 29; second++) {
      follower.commits(older[2 * second]!, older[2 * second + 1]!);
      expect(follower.wait(1_000)).toEqual([]);
    }
  });

  it('is judged by full blocks of what came when it was overdue', () => {
    const follower = new Follower().holds('x');
    const asked: string[] = [];
    for (let second = 0; second < 22; second++) {
      follower.holds(`${second} one`, `${second} two`).commits(`${second} one`, `${second} two`);
      asked.push(...follower.wait(1_000));
    }
    expect(asked).toEqual(['asks for view 1: censoring-leader']);
  });

  it('hands on to one that has as much time again', () => {
    const follower = new Follower().holds('x');
    for (let second = 0; second < 15; second++) follower.commits(`${second}`).wait(1_000);
    follower.enters(1);
    for (let second = 0; second < 9; second++)
      expect(follower.commits(`new ${second}`).wait(1_000)).toEqual([]);
    expect(follower.commits('last').wait(2_000)).toEqual(['asks for view 2: censoring-leader']);
  });
});

describe('a slow leader', () => {
  /** Seconds of two batches each every `every` ms, with one more waiting. */
  const lead = (follower: Follower, every: number, ms: number, name: string): string[] => {
    const asked: string[] = [];
    for (let at = 0; at < ms; at += every) {
      const digests = [`${name} ${at} one`, `${name} ${at} two`];
      follower.holds(...digests, `${name} ${at} next`).commits(...digests);
      asked.push(...follower.wait(every));
      follower.commits(`${name} ${at} next`);
    }
    return asked;
  };

  it('is replaced after three windows below half of the median of the last terms', () => {
    const follower = new Follower();
    expect(lead(follower, 100, 4_000, 'fast')).toEqual([]);
    follower.enters(1);
    expect(lead(follower, 500, 5_900, 'slow')).toEqual(['asks for view 2: slow-leader']);
  });

  it('is never its own measure, nor are a few slow ones', () => {
    const follower = new Follower();
    lead(follower, 100, 4_000, 'fast');
    for (const view of [1, 5, 9]) {
      follower.enters(view);
      expect(lead(follower, 500, 5_900, `slow ${view}`), `view ${view}`).toEqual([
        `asks for view ${view + 1}: slow-leader`,
      ]);
    }
  });

  it('has longer for its first commit in a network that is slow', () => {
    const follower = new Follower();
    lead(follower, 100, 4_000, 'fast');
    follower.enters(1).holds('waits');
    follower.solo.state.timer.timeout = 30_000;
    expect(follower.wait(29_000)).toEqual([]);
  });

  it('stays when nothing waits, when it is no slower than that, and when nobody has led before', () => {
    expect(lead(new Follower(), 900, 20_000, 'first')).toEqual([]);
    const follower = new Follower();
    lead(follower, 100, 4_000, 'fast');
    follower.enters(1);
    expect(lead(follower, 180, 20_000, 'fair')).toEqual([]);
    follower.enters(2);
    for (let i = 0; i < 9; i++) expect(follower.commits(`idle ${i}`).wait(900)).toEqual([]);
  });
});
