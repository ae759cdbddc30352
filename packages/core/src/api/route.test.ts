import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain, usccArb } from '../records/testing/arbitraries.ts';
import { digestParam, heightParam, idParam, type Param, uintParam } from './param.ts';
import { requestPath } from './route.ts';
import { ROUTES } from './routes.ts';

describe('a path', () => {
  it('leads back to the subject, whatever its id', () => {
    fc.assert(
      fc.property(usccArb, plain(256, 1), (issuer, id) => {
        const path = requestPath(ROUTES.history, { profile: 'policy', issuer, id }, { limit: 5 });
        const parts = /^\/v1\/subjects\/policy\/([^/]+)\/([^/]+)\/history\?limit=5$/.exec(path)!;
        expect(parts.slice(1).map(decodeURIComponent)).toEqual([issuer, id]);
        expect(ROUTES.history.params.id.parse(id)).toBe(id);
      }),
    );
  });

  it('keeps the colon of a digest and the slashes of a tile', () => {
    const digest = { alg: 'sha256', hash: new Uint8Array(32) } as const;
    expect(requestPath(ROUTES.document, { digest })).toBe(`/v1/documents/sha256:${'00'.repeat(32)}`);
    expect(requestPath(ROUTES.tile, { level: 1, index: 'x001/002.p/3' })).toBe('/tile/1/x001/002.p/3');
  });
});

describe('a parameter', () => {
  const params: readonly Param<unknown>[] = [idParam, digestParam, heightParam, uintParam('a number', 1, 9)];
  it('is written in one way only', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(sha256|sm3|md5)?:?[0-9a-fA-F]{62,66}$/),
      fc.constantFrom('0', '1', '01', '+1', '1.0', '1e0', '10', 'latest', 'Latest', ' 1'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...params), text, (param, given) => {
        const value = param.parse(given);
        if (value !== null) expect(param.format(value)).toBe(given);
      }),
    );
    expect(['0', '1', '9', '10', '01'].map(given => params[3]!.parse(given))).toEqual([
      null,
      1,
      9,
      null,
      null,
    ]);
  });
});
