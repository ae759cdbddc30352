import { describe, expect, it } from 'vitest';
import { faultsOf, proposerOf, quorumOf, viewLeader } from './config.ts';
import { certificate, checkpoint, makeConfig } from './testing/make.ts';
import { isCheckpointCertificate, isVoteCertificate } from './validate.ts';

const of = (n: number) => makeConfig({ validators: Array.from({ length: n }, (_, i) => `m${i}`) });

describe('numbers', () => {
  it.each([
    [1, 0, 1],
    [4, 1, 3],
    [5, 1, 4],
    [6, 1, 4],
    [7, 2, 5],
    [31, 10, 21],
    [100, 33, 67],
  ])('n = %i: f = %i, q = %i, and two quorums share an honest signer', (n, f, q) => {
    expect([faultsOf(of(n)), quorumOf(of(n))]).toEqual([f, q]);
    expect(2 * q - n).toBeGreaterThan(f);
    expect(n - f).toBeGreaterThanOrEqual(q);
  });

  it('leader(v, h) = V[(v + floor((h-1-t)/K)) mod n], and V[v mod n] sends NEW-VIEW', () => {
    const config = makeConfig({ term: 2 });
    expect([1, 2, 3, 4, 5, 8, 9].map(height => proposerOf(config, 0, height, 0))).toEqual([
      0, 0, 1, 1, 2, 3, 0,
    ]);
    expect([8, 9, 10].map(height => proposerOf(config, 6, height, 7))).toEqual([2, 2, 3]);
    expect([0, 5, 2 ** 40].map(view => viewLeader(config, view))).toEqual([0, 1, 0]);
  });
});

describe('a certificate', () => {
  it.each<[string, readonly number[], boolean]>([
    ['q signers', [0, 1, 2], true],
    ['all signers', [0, 1, 2, 3], true],
    ['too few', [0, 1], false],
    ['a signer counted twice', [0, 1, 1], false],
    ['q signers and one twice', [0, 1, 2, 2], false],
    ['a signer outside the set', [0, 1, 4], false],
    ['a signer below the set', [-1, 0, 1], false],
    ['half a signer', [0, 1, 1.5], false],
  ])('with %s', (_, signers, good) => {
    expect(isVoteCertificate(makeConfig(), certificate('commit', 0, '1a', signers), 'commit')).toBe(good);
    expect(isCheckpointCertificate(makeConfig(), checkpoint('1a', signers))).toBe(good);
  });

  it('is of its kind and epoch: PREPARE and COMMIT are never each other', () => {
    expect(isVoteCertificate(makeConfig(), certificate('prepare', 0, '1a'), 'commit')).toBe(false);
    expect(isVoteCertificate(makeConfig({ epoch: 1 }), certificate('commit', 0, '1a'), 'commit')).toBe(false);
    expect(isCheckpointCertificate(makeConfig({ epoch: 1 }), checkpoint('1a'))).toBe(false);
  });
});
