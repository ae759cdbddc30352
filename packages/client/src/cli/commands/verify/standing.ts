import type { VerifiedReceipt } from '@qifeng/core';
import type { NodeClient } from '../../../sdk/client.ts';
import { NodeError } from '../../../sdk/node-error.ts';
import type { StandingReason, StandingWord } from './report.ts';

/**
 * Where the subject of a verified record stands now, by a node's word: of the file's records the one with this index, or,
 * of a record without a digest, its subject. An answer from a state older than `maxAgeMs` is none.
 */
export async function currentStanding(
  { index, leaf }: VerifiedReceipt,
  maxAgeMs: number,
  client: NodeClient,
): Promise<StandingWord | StandingReason> {
  const { digest, profile, subject } = leaf.entry.value;
  try {
    const answer =
      digest === null
        ? await client.subject(profile, subject)
        : documentOf(await client.documents(digest), index);
    if (answer === null) return 'not-listed';
    if (Date.now() - answer.asOf.time > maxAgeMs) return 'too-old';
    return { node: client.node, ...answer };
  } catch (error) {
    if (error instanceof NodeError) return 'no-answer';
    throw error;
  }
}

function documentOf(answer: Awaited<ReturnType<NodeClient['documents']>>, index: number) {
  const record = answer?.records.find(listed => listed.index === index);
  const standing = record?.standing ?? null;
  return answer === null || standing === null ? null : { standing, asOf: answer.asOf };
}
