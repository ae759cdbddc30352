import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeLine, Workplace } from './harness.ts';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

const LINES = 17;

interface Verdict {
  readonly verified: boolean;
  readonly code: string;
  readonly detail: string;
  readonly faults: Record<string, unknown> | null;
}

async function ask(...args: string[]): Promise<Verdict & { exit: number | null }> {
  const { exit, stdout } = await place.inProcess([...args, '--genesis', 'genesis.cbor', '--json']);
  return { exit, ...(JSON.parse(stdout) as Verdict) };
}

describe('a receipt with one character changed', () => {
  it('is of as many lines as are changed here', () => {
    expect(readFileSync(place.path('notice.md.tlog-proof'), 'utf8').split('\n')).toHaveLength(LINES + 1);
  });

  it.each(Array.from({ length: LINES }, (_, line) => line))(
    'in line %i is refused with a reason',
    async line => {
      const text = readFileSync(place.path('notice.md.tlog-proof'), 'utf8');
      for (const at of [0, 3, 12, 40, 90, Number.MAX_SAFE_INTEGER]) {
        const changed = changeLine(text, line, at);
        expect(changed).not.toBe(text);
        writeFileSync(place.path('changed.tlog-proof'), changed);
        const verdict = await ask('verify', 'notice.md', '--receipt', 'changed.tlog-proof');
        expect(verdict).toMatchObject({
          exit: 1,
          verified: false,
          code: expect.stringMatching(/^[a-z0-9-]+$/),
        });
        expect(verdict.detail).not.toBe('');
        const info = await ask('info', 'changed.tlog-proof');
        expect(info).toMatchObject({ exit: 1, verified: false, code: verdict.code });
        // Where the receipt can be read at all, a step is shown to fail whenever the verdict is against it.
        if (info.faults !== null) expect(Object.values(info.faults).some(fault => fault !== null)).toBe(true);
      }
    },
  );
});
