import { type Digest, digestValueCodec, stateName } from '@qifeng/core';
import type { NodeService } from '../ports/node-service.ts';
import { leafAt, requireHeld, stateValue } from './state.ts';

/** Records of one digest that are looked at, the first ones: whoever records a file again and again costs no more. */
const MOST_READ = 256;

/** The records that carry a digest, as far as they were looked at. */
export interface Carriers {
  /** Log index of the first one, or of the first by the publisher that was asked for; null where there is none. */
  readonly index: number | null;
  /** How often the digest was recorded. */
  readonly count: number;
  /** Codes of those who recorded it, in the order in which they did. */
  readonly publishers: readonly string[];
}

/** Looks for records of a digest below a log size; refuses where the first is not held. */
export function carriersOf(
  service: NodeService,
  { alg, hash }: Digest,
  publisher: string | null,
  size: number,
): Carriers {
  const { ledger } = service;
  const known = stateValue(service, digestValueCodec, 'digest', alg, hash);
  if (known === null || known.first >= size) return { index: null, count: 0, publishers: [] };
  requireHeld(service, known.first);
  const by = new Map<string, number>();
  for (const index of ledger.list('digest', stateName('digest', alg, hash), 0, MOST_READ)) {
    const leaf = index < size ? leafAt(ledger, index) : null;
    if (leaf !== null && !by.has(leaf.publisher)) by.set(leaf.publisher, index);
  }
  const index = publisher === null ? known.first : (by.get(publisher) ?? null);
  return { index, count: known.count, publishers: [...by.keys()] };
}
