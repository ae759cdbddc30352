import { expect, it } from 'vitest';
import type { Config } from '../consensus/config.ts';
import { Seat } from './seat.ts';
import type { GuardedSigner } from './signing.ts';
import type { MessageVerifier } from './verify.ts';

it('a position that had an observer, and has nobody since it was let go, stops no node', () => {
  const config = { validators: ['110000', '120000'], me: 0 } as unknown as Config;
  const seat = (...others: readonly string[]) =>
    new Seat(config, others, {} as MessageVerifier, {} as GuardedSigner);
  const position = seat('120000', '530300', '530100').positionOf('530300');
  expect(position).toBe(3);
  expect(seat('530100').codeAt(position)).toBeNull();
  expect(seat('530100').codeAt(2)).toBe('530100');
});
