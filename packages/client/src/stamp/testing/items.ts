import { decodeSubmission, signSubmission } from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import { type Item, makeItem } from '../item.ts';
import type { Signed } from '../journal-lines.ts';

const PUBLISHER = '11100000000013338W';

/** An item about subject `id` with a title of so many characters, for one file. */
export function testItem(id: string, length = 1): Item {
  const entry = {
    profile: 'policy',
    action: 'publish',
    subject: { issuer: PUBLISHER, id },
    digest: { alg: 'sha256' as const, hash: new Uint8Array(32).fill(id.length) },
    prev: null,
    links: [],
    meta: new Map([['title', 'x'.repeat(length)]]),
    origin: null,
  };
  return makeItem(entry, [{ file: `/docs/${id}`, receipt: `/docs/${id}.tlog-proof` }]);
}

/** A signed submission of items about these subjects. */
export function testSigned(...ids: readonly string[]): Signed {
  const items = ids.map(id => testItem(id));
  const draft = {
    genesis: new Uint8Array(32).fill(7),
    publisher: PUBLISHER,
    nonce: new Uint8Array(16),
    issuedAt: 1_000,
    expires: 61_000,
    entries: items.map(({ entry }) => entry),
  };
  const bytes = signSubmission(draft, nativeSigner(new Uint8Array(32).fill(1)), nativeSuite.hasher);
  const decoded = decodeSubmission(bytes, nativeSuite.hasher);
  if (!decoded.ok) throw new Error(decoded.fault.detail);
  const { genesis, publisher, expires } = draft;
  return { id: decoded.value.id, bytes, publisher, genesis, expires, items };
}
