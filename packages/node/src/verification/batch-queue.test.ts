import { expect, it } from 'vitest';
import type { SignatureJob } from '../ports/verification.ts';
import { BatchQueue } from './batch-queue.ts';

const check: SignatureJob = [new Uint8Array(32), new Uint8Array(10), new Uint8Array(64)];
const call = (queue: BatchQueue, checks: number) => {
  const answered = { done: false };
  void queue.add(Array.from({ length: checks }, () => check)).then(() => {
    answered.done = true;
  });
  return answered;
};

/** Takes the next batch and has it answered: how many checks it held, and how many of one call. */
async function answer(queue: BatchQueue): Promise<readonly [all: number, ofOneCall: number]> {
  const tasks = queue.take(1, false)?.tasks ?? [];
  const byCall = new Map<unknown, number>();
  for (const { request, index } of tasks) {
    request.settle(index, true);
    byCall.set(request, (byCall.get(request) ?? 0) + 1);
  }
  await Promise.resolve();
  return [tasks.length, Math.max(0, ...byCall.values())];
}

it('votes do not wait behind the bodies that came before them', async () => {
  const queue = new BatchQueue({ least: 16, most: 128 });
  const bodies = Array.from({ length: 60 }, () => call(queue, 3400));
  const vote = call(queue, 1);
  expect(await answer(queue)).toEqual([128, 127]);
  expect([vote.done, bodies.some(({ done }) => done)]).toEqual([true, false]);
});

it('bodies have a quarter of each batch while votes keep coming, and all of it when they do not', async () => {
  const queue = new BatchQueue({ least: 16, most: 128 });
  const body = call(queue, 320);
  for (let i = 0; i < 500; i++) call(queue, 1);
  for (let i = 0; i < 5; i++) expect(await answer(queue)).toEqual([128, 32]);
  expect(body.done).toBe(false);
  // 20 votes are left, and half of the body.
  expect([await answer(queue), await answer(queue)]).toEqual([
    [128, 108],
    [52, 52],
  ]);
  expect([body.done, queue.waiting]).toEqual([true, 0]);
});
