import {
  isOfSubject,
  isSealedId,
  isSignature,
  type Leaf,
  type Link,
  MAX_ISSUERS,
  type ReceiptVerifier,
  toUtf8,
  type VerifiedReceipt,
} from '@qifeng/core';
import type { NodeClient } from '../sdk/client.ts';
import { NodeError } from '../sdk/node-error.ts';
import { inTurn } from '../sdk/turns.ts';
import type { LinkTitles } from './record-words.ts';

/** Linked records that a node is asked for at most: their titles are a help, no proof. */
const MAX_ASKED = 64;
const AT_ONCE = 8;

/** The links of a record that are no commitments. */
export function openLinks({ entry }: Leaf): readonly Link[] {
  const { subject, links } = entry.value;
  return isSealedId(subject.id) ? [] : links;
}

/** The links of a verified record in the open, or those that its receipt opens. */
export function linksOf({ leaf, disclosed }: Pick<VerifiedReceipt, 'leaf' | 'disclosed'>): readonly Link[] {
  return disclosed === null ? leaf.entry.value.links : [...disclosed.links.values()];
}

/**
 * Titles of the records that these link to, as far as a node gives receipts of them that verify: their own, or of what they
 * countersign.
 * Those of sealed records are not asked for: the node need not know what a receipt opens.
 */
export async function linkTitles(
  leaves: readonly Leaf[],
  verifies: ReceiptVerifier | null,
  client: NodeClient | null,
): Promise<LinkTitles> {
  const titles = new Map<number, string>();
  if (verifies === null || client === null) return titles;
  const links = leaves.flatMap(openLinks);
  const wanted = [...new Map(links.map(link => [link.index, link])).values()].slice(0, MAX_ASKED);
  try {
    await inTurn(wanted, AT_ONCE, async link => {
      const title = await titleOfLinked(link, verifies, client);
      if (title !== null) titles.set(link.index, title);
    });
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
  }
  return titles;
}

async function titleOfLinked(
  { index, subject }: Link,
  verifies: ReceiptVerifier,
  client: NodeClient,
): Promise<string | null> {
  for (let at = index, signatures = 0; signatures <= MAX_ISSUERS; signatures++) {
    const receipt = await client.receipt(at).catch((error: unknown) => {
      if (error instanceof NodeError && error.code === 'not-found') return null;
      throw error;
    });
    const verified = receipt === null ? null : verifies(toUtf8(receipt), null);
    if (!verified?.ok || verified.value.index !== at) return null;
    const { leaf } = verified.value;
    const { profile } = leaf.entry.value;
    if (!isOfSubject({ profile, subject }, leaf)) return null;
    const title = titleOf(leaf);
    if (title !== null || !isSignature({ leaf }) || leaf.subjectPrev === null) return title;
    at = leaf.subjectPrev;
  }
  return null;
}

function titleOf({ entry }: Leaf): string | null {
  const title = entry.value.meta.get('title');
  return typeof title === 'string' ? title : null;
}
