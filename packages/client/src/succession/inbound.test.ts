import { expect, it } from 'vitest';
import { PUBLISHER, TIME } from '../../../../tests/fixtures/builder.ts';
import { type InboundLink, verifyUnsucceeded } from './inbound.ts';

const link = (change: Partial<InboundLink>): InboundLink => ({
  ...{ rel: 'replaces', profile: 'policy', subject: { issuer: PUBLISHER, id: 'next' }, index: 9 },
  ...{ publisher: PUBLISHER, title: null, effective: null, unsigned: [] },
  ...change,
});
/** What one such link comes to; the time is 2020-09-13 in China. */
const verdict = (change: Partial<InboundLink>) => {
  const judged = verifyUnsucceeded({ links: [link(change)], complete: true }, TIME);
  return judged.ok ? 'stands' : judged.fault.code;
};

it.each(['replaces', 'supersedes', 'repeals', 'revokes'])('what all issuers say %s it is over', rel => {
  expect(verdict({ rel })).toBe('not-in-force');
});

it.each<[string, Partial<InboundLink>]>([
  ['amends it', { rel: 'amends' }],
  ['one did not sign', { unsigned: [PUBLISHER] }],
  ['is of tomorrow', { effective: '2020-09-14' }],
])('what %s leaves it in force', (_, change) => {
  expect(verdict(change)).toBe('stands');
});

it('counts from its first day on, in China, and among others that do not', () => {
  expect(verdict({ effective: '2020-09-13' })).toBe('not-in-force');
  const links = [link({ rel: 'amends' }), link({ unsigned: [PUBLISHER] }), link({})];
  expect(verifyUnsucceeded({ links, complete: false }, TIME).ok).toBe(false);
  expect(verifyUnsucceeded(null, TIME).ok).toBe(true);
});
