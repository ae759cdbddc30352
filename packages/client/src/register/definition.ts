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

/** Pages of a search that are read at most. */
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
  for await (const definition of definitions(`profile ${name}`, client))
    if (definition.name === name) return definition.index;
  return null;
}

/** The log index of the last record that defines each profile, as the node finds them. Rejects with `NodeError`. */
export async function lastDefinitions(client: NodeClient): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for await (const { name, index } of definitions('profile', client))
    if (!found.has(name)) found.set(name, index);
  return found;
}

/** Records that define profiles, newest first, of so many pages of a search. */
async function* definitions(
  q: string,
  client: NodeClient,
): AsyncGenerator<{ readonly name: string; readonly index: number }> {
  const question = { profile: GOVERNANCE, q, limit: MAX_PAGE };
  let cursor: SearchQuery['cursor'];
  for (let i = 0; i < MAX_PAGES; i++) {
    const { results, next } = await client.search({ ...question, ...(cursor && { cursor }) });
    for (const { index, leaf } of results) {
      const name = definedBy(leaf.entry.value.subject.id);
      if (name !== null) yield { name, index };
    }
    const following = next === null ? null : ROUTES.search.query.cursor.parse(next);
    if (following === null) return;
    cursor = following;
  }
}

/** The receipt of a record as the node gives it. Rejects with `NodeError`. */
export async function receiptOf(index: number, client: NodeClient): Promise<Uint8Array> {
  return toUtf8(await client.receipt(index));
}

/** The profile whose version a subject is, null for another subject. A name has no space. */
function definedBy(id: string): string | null {
  const [word, name, version = '', ...more] = id.split(' ');
  const isVersion = word === 'profile' && /^[0-9]+$/.test(version) && more.length === 0;
  return isVersion ? name! : null;
}
