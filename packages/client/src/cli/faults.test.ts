import { expect, it } from 'vitest';
import { explainFault } from './faults.ts';

it.each([
  'file-mismatch',
  'wrong-chain',
  'no-quorum',
  'proof-extra',
  'receipt-extra',
  'not-a-code',
  'status-stale',
  'status-other-name',
  'status-value',
  'history-gap',
])('%s has a sentence and a next step in both languages', code => {
  for (const text of Object.values(explainFault(code, 'en'))) expect(text).toMatch(/^[A-Z].*\.$/s);
  for (const text of Object.values(explainFault(code, 'zh'))) expect(text).toMatch(/\p{Script=Han}.*。$/su);
});

it('kinds of faults are told apart', () => {
  const says = (code: string) => explainFault(code, 'en').says;
  expect(says('proof-index')).toBe(says('checkpoint-root'));
  expect(
    new Set(['file-mismatch', 'no-quorum', 'proof-index', 'status-stale', 'map-wrong-kind', 'x'].map(says))
      .size,
  ).toBe(6);
});
