import { APPROVAL_TYPE, POSSESSION_TYPE, possessionBytes, toHex } from '@qifeng/core';
import { expect, it } from 'vitest';
import { testChain } from '../../../../../tests/fixtures/builder.ts';
import { SIGNED_TYPE, voteBytes } from './signed-bytes.ts';

it('the type bytes of approvals and possession are no votes', () => {
  const { possession, ...votes } = SIGNED_TYPE;
  expect(possession).toBe(POSSESSION_TYPE);
  expect(
    Object.entries(votes)
      .filter(([name]) => name !== 'approval')
      .map(([, type]) => type),
  ).not.toContain(APPROVAL_TYPE);
  const { hash: genesis } = testChain();
  const hash = new Uint8Array(32).fill(1);
  const own = voteBytes(genesis, 'possession', 3, 0, 7, hash);
  expect(toHex(possessionBytes(genesis, 3, 7, hash))).toBe(toHex(own));
});
