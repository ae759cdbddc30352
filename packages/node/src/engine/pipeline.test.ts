import { nativeHasher } from '@qifeng/core/native';
import { expect, it } from 'vitest';
import type { Output, WalRecord } from '../consensus/output.ts';
import { openFileLog } from '../storage/file-log.ts';
import { memoryFiles } from '../storage/testing/memory-files.ts';
import { Pipeline } from './pipeline.ts';
import { wireCodecs } from './wire/codecs.ts';
import { recordCodec } from './wire/records.ts';

const codec = recordCodec(wireCodecs(new Uint8Array(32).fill(7), nativeHasher));

/** A state that is one number, its records, and the effect that says it. */
const record = (number: number): WalRecord => ({
  type: 'cosign',
  height: number,
  hash: 'ab'.repeat(32),
  text: 'text',
  time: 1,
});
const step = (number: number): readonly Output[] => [
  { type: 'persist', record: record(number) },
  { type: 'need-bodies', block: { height: number } as never },
];

/**
 * Steps 1 to `steps`, of which there is always one more while a group is carried out: nothing ever waits for nothing. The log
 * is replaced as soon as it holds `most` records.
 */
async function underLoad(steps: number, most: number) {
  const files = memoryFiles();
  const log = await openFileLog('log', files);
  const logged = async (): Promise<number[]> => {
    const copy = await openFileLog('log', memoryFiles(new Map(files.files)));
    return copy.read().map(bytes => (codec.decode(bytes) as { height: number }).height);
  };
  let state = 0;
  let held = 0;
  let idles = 0;
  const sizes: number[] = [];
  const said: { readonly number: number; readonly inLog: Promise<number[]> }[] = [];
  const next = (): void => {
    state++;
    held++;
    pipeline.push(step(state));
  };
  const pipeline: Pipeline = new Pipeline(
    log,
    codec,
    effects => {
      for (const effect of effects) {
        if (effect.type !== 'need-bodies') continue;
        said.push({ number: effect.block.height, inLog: logged() });
      }
      sizes.push(held);
      if (state < steps) next();
    },
    idle => {
      if (idle) idles++;
      if (held < most) return null;
      held = 1;
      return [record(state)];
    },
    error => {
      throw error;
    },
  );
  next();
  await pipeline.idle();
  const left = await logged();
  await log.close();
  const seen = await Promise.all(said.map(async ({ number, inLog }) => ({ number, inLog: await inLog })));
  return { left, seen, idles, sizes };
}

it('the log is replaced though there is always more to write, and holds each record once, before its effect', async () => {
  const { left, seen, idles, sizes } = await underLoad(100, 10);
  expect(idles).toBe(1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(11);
  expect(seen.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  for (const { number, inLog } of seen) expect(Math.max(...inLog)).toBeGreaterThanOrEqual(number);
  for (const { inLog } of [...seen, { inLog: left }]) {
    expect(inLog.length).toBeLessThanOrEqual(11);
    expect(new Set(inLog).size).toBe(inLog.length);
  }
  expect(left.at(-1)).toBe(100);
});
