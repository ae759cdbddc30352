import { type Asked, receiptVerifier } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { type Inbound, inboundLinks } from '../../../succession/inbound.ts';
import { isFaulty, type Sources, type Trail, trailOf } from './provenance.ts';

/**
 * What other records say of a subject. `known` is the whole history of the subject where it was read already. Null where
 * nothing can be said, as of `inboundLinks`, and without a genesis.
 */
export async function inboundOf(
  asked: Asked<'subject'>,
  { client, trust, context }: Sources,
  known: Trail<Asked<'subject'>> | null = null,
): Promise<Inbound | null> {
  if (trust === null) return null;
  return inboundLinks(asked, {
    client,
    verifies: receiptVerifier({ chain: trust.chain, suite: nativeSuite }),
    history: async () => {
      const trail = known ?? (await trailOf(asked, { client, trust, context }));
      if (trail.status === null || isFaulty(trail)) return null;
      return {
        records: trail.records.map(({ record }) => record),
        awaiting: trail.status.value?.awaiting ?? [],
      };
    },
  });
}
