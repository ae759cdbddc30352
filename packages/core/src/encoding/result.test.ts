import { describe, expect, it } from 'vitest';
import { refuse } from './result.ts';
import { isWellFormed } from './utf8.ts';

const detailOf = (detail: string) => refuse('bad-x', detail).fault.detail;

describe('a refusal', () => {
  it('carries its code and its detail', () => {
    expect(refuse('bad-x', 'why')).toEqual({ ok: false, fault: { code: 'bad-x', detail: 'why' } });
    expect(detailOf('文'.repeat(500))).toBe('文'.repeat(500));
  });

  it('cuts a detail that quotes a whole file, never inside a character', () => {
    expect(detailOf('a'.repeat(1 << 20))).toBe(`${'a'.repeat(500)}…`);
    for (const start of ['', 'a']) {
      const detail = detailOf(start + '🐎'.repeat(300));
      expect(detail.length).toBeLessThanOrEqual(501);
      expect(isWellFormed(detail)).toBe(true);
      expect(detail.endsWith('🐎…')).toBe(true);
    }
  });
});
