import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KnownKeys } from './known-keys.ts';

// Keys that mostly share the bytes which a place in the memory follows from.
const key = fc.uint8Array({ minLength: 32, maxLength: 32, max: 1 });
const isSound = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + byte, 0) % 2 === 0;

it('gives the verdict of the check on every key, however many come', async () => {
  const keys = fc.array(
    fc.oneof(
      key,
      fc.constantFrom(0, 1, 2).map(fill => new Uint8Array(32).fill(fill)),
    ),
  );
  const property = fc.asyncProperty(fc.array(keys), fc.constantFrom(1, 3, 1000), async (calls, capacity) => {
    const known = new KnownKeys(capacity);
    for (const call of calls) {
      const verdicts = await known.judge(call, unknown => Promise.resolve(unknown.map(isSound)));
      expect(verdicts).toEqual(call.map(isSound));
    }
  });
  await fc.assert(property);
});

it('asks about none twice while it remembers it', async () => {
  const known = new KnownKeys(100);
  const all = Array.from({ length: 100 }, (_, i) => new Uint8Array(32).fill(i));
  const asked: string[] = [];
  for (const call of [all.slice(0, 60), [...all.slice(50), ...all.slice(50)], all, []]) {
    const check = (unknown: readonly Uint8Array[]) => {
      asked.push(...unknown.map(String));
      return Promise.resolve(unknown.map(isSound));
    };
    expect(await known.judge(call, check)).toEqual(call.map(isSound));
  }
  expect(asked).toEqual(all.map(String));
});
