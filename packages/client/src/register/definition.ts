import {
  DEFINE_PROFILE,
  GOVERNANCE,
  MAX_PAGE,
  type Profile,
  profileDefinitionCodec,
  type ReceiptVerifier,
  ROUTES,
  readApproved,
  toUtf8,
} from '@qifeng/core';
import type { NodeClient, SearchQuery } from '../sdk/client.ts';

/** A profile, and the log index of the record that registered it; null: it is as the genesis has it. */
export interface NamedProfile {
  readonly profile: Profile;
  readonly record: number | null;
}

/** Pages of a search that are read for one profile at most. */
const MAX_PAGES = 5;

/**
 * The profile of this name that a receipt proves to be registered, or null. That the record is in the log is enough: the
 * members that cosigned it had found it approved and in order.
 */
export function definitionIn(
  receipt: Uint8Array,
  name: string,
  verifies: ReceiptVerifier,
): NamedProfile | null {
  const verified = verifies(receipt, null);
  if (!verified.ok) return null;
  const { index, leaf } = verified.value;
  const entry = leaf.entry.value;
  if (entry.profile !== GOVERNANCE || entry.action !== DEFINE_PROFILE) return null;
  const read = readApproved(entry, profileDefinitionCodec);
  if (!read.ok || read.value.change.profile.name !== name) return null;
  return { profile: read.value.change.profile, record: index };
}

/** The log index of the last record that defines a profile, as the node finds it; null for none. Rejects with `NodeError`. */
export async function lastDefinition(name: string, client: NodeClient): Promise<number | null> {
  const question = { profile: GOVERNANCE, q: `profile ${name}`, limit: MAX_PAGE };
  let cursor: SearchQuery['cursor'];
  for (let i = 0; i < MAX_PAGES; i++) {
    const { results, next } = await client.search({ ...question, ...(cursor && { cursor }) });
    const found = results.find(({ leaf: { entry } }) => isDefinition(entry.value.subject.id, name));
    if (found !== undefined) return found.index;
    const following = next === null ? null : ROUTES.search.query.cursor.parse(next);
    if (following === null) return null;
    cursor = following;
  }
  return null;
}

/** The receipt of a record as the node gives it. Rejects with `NodeError`. */
export async function receiptOf(index: number, client: NodeClient): Promise<Uint8Array> {
  return toUtf8(await client.receipt(index));
}

/** Whether a subject is a version of this profile. A name has no space, so that it is this one and no longer one. */
function isDefinition(id: string, name: string): boolean {
  const [word, of, version = '', ...more] = id.split(' ');
  return word === 'profile' && of === name && /^[0-9]+$/.test(version) && more.length === 0;
}
