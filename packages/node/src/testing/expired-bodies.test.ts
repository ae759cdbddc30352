import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CODES,
  type Joined,
  JoinedValidators,
  submissionFor,
} from '../../../../tests/fixtures/joined-validators.ts';
import type { Frame } from '../engine/wire/frames.ts';
import { createVerificationPool } from '../verification/pool.ts';

const pool = createVerificationPool({ workers: 1 });
const SOON = { timeout: 30_000, interval: 20 };
/** Ms that the submissions of these tests live that expire, and after which a mempool has given them up. */
const [LIFE, GONE] = [5_000, 60_000];

let network: JoinedValidators;
let running: Joined[] = [];

const submit = ({ node }: Joined, wire: Uint8Array, waitMs: number | null = 20_000) =>
  node.service.submit(wire, waitMs);
const pending = (): number[] => running.map(({ store }) => store.pendingBatches().length);
const isCommit = (frame: Frame): boolean =>
  frame.type === 'message' && frame.message.type === 'vote' && frame.message.vote.kind === 'commit';

async function restart(): Promise<void> {
  for (const one of running) await one.stop();
  running = await network.start();
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  network = new JoinedValidators(pool);
  running = await network.start();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const one of running) await one.stop();
});

describe('bodies whose submissions expired while their block was in flight', () => {
  for (const again of [false, true])
    it(`are executed in the end${again ? ', all having started again' : ''}; those of no block are gone`, async () => {
      const said = new Set<string>();
      network.loses = (from, _to, frame) => {
        if (isCommit(frame)) said.add(from);
        return isCommit(frame);
      };
      const answer = submit(running[0]!, submissionFor(LIFE));
      await expect.poll(() => said.size, SOON).toBe(4);
      if (again) await restart();
      // Nothing is proposed above what does not commit: no block names this one.
      await submit(running[1]!, submissionFor(LIFE), null);
      await expect.poll(pending, SOON).toEqual([2, 2, 2, 2]);
      vi.setSystemTime(Date.now() + GONE);
      await expect.poll(() => Math.max(...pending()), SOON).toBeLessThan(2);
      expect(pending()).toEqual([1, 1, 1, 1]);
      network.loses = () => false;
      const height = () => running.map(({ node }) => node.service.standing().height);
      await expect.poll(() => Math.min(...height()), SOON).toBeGreaterThan(0);
      if (!again) expect((await answer).type).toBe('final');
      await restart();
      expect((await submit(running[2]!, submissionFor(LIFE))).type).toBe('final');
      expect(network.fatal).toEqual([]);
    });

  it('whose window has passed when a block comes to them are dropped there, and every node says so', async () => {
    const proposed = new Set<string>();
    // Bodies come, and nothing else: what is proposed stays alone, and no other view begins.
    network.loses = (from, _to, frame) => {
      if (frame.type === 'message' && frame.message.type === 'proposal') proposed.add(from);
      return frame.type !== 'batch';
    };
    const first = submit(running[0]!, submissionFor(GONE));
    await expect.poll(() => proposed.size, SOON).toBe(1);
    await expect.poll(pending, SOON).toEqual([1, 1, 1, 1]);
    await submit(running[1]!, submissionFor(LIFE), null);
    await expect.poll(pending, SOON).toEqual([2, 2, 2, 2]);
    vi.setSystemTime(Date.now() + LIFE + 1_000);
    network.loses = () => false;
    expect((await first).type).toBe('final');
    const dropped = () => running.filter(({ told }) => told.includes('submissions-dropped')).length;
    await expect.poll(dropped, SOON).toBe(4);
    expect((await submit(running[2]!, submissionFor(LIFE))).type).toBe('final');
    expect(network.fatal).toEqual([]);
  });

  for (const lost of [false, true])
    it(`are there for a node that was cut off${lost ? ', and fetched by it if its disk has lost them' : ''}`, async () => {
      const cut = CODES[3]!;
      let all = false;
      network.loses = (from, to, frame) => {
        if (from !== cut && to !== cut) return false;
        return (
          all ||
          (frame.type === 'message' && !['proposal', 'vote'].includes(frame.message.type)) ||
          isCommit(frame)
        );
      };
      expect((await submit(running[0]!, submissionFor(LIFE))).type).toBe('final');
      await expect.poll(() => pending()[3], SOON).toBe(1);
      const { store, told } = running[3]!;
      const body = store.pendingBatches()[0]!;
      if (lost) {
        // What is kept parsed there is pushed out by what others take in.
        for (let i = 0; i < 80; i++) {
          const wire = submissionFor(GONE * 10, 220_000);
          const taken = async () => (await submit(running[i % 3]!, wire, null)).type;
          await expect.poll(taken, SOON).not.toBe('refused');
        }
        await expect.poll(() => pending()[3], SOON).toBe(81);
      }
      all = true;
      if (lost) {
        await store.dropBatches([running[0]!.store.header(1)!.batches[0]!], () => true);
        expect(store.pendingBatches()).not.toContainEqual(body);
      } else {
        await submit(running[3]!, submissionFor(LIFE), null);
        await expect.poll(() => pending()[3], SOON).toBe(2);
        vi.setSystemTime(Date.now() + GONE);
        await expect.poll(() => pending()[3], SOON).toBeLessThan(2);
      }
      network.loses = () => false;
      await expect.poll(() => running[3]!.node.service.standing().height, SOON).toBeGreaterThan(0);
      expect((await submit(running[0]!, submissionFor(LIFE))).type).toBe('final');
      expect(network.fatal).toEqual([]);
      expect(told.includes('body-missing')).toBe(lost);
    });
});
