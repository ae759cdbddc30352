import { decode } from '../encoding/codec.ts';
import type { Chain } from '../ledger/genesis.ts';
import { CHANGE_PUBLISHERS, GOVERNANCE } from '../records/governance.ts';
import type { Leaf } from '../records/leaf.ts';
import { publisherChangeCodec } from '../records/publisher-change.ts';

/** What a publisher may sign with at one place of a log. */
export interface Enrolled {
  readonly status: 'active' | 'suspended';
  readonly keys: readonly Uint8Array[];
}

/**
 * Follows the publishers through a log from its first leaf on: those of the genesis, and what the records of the log make of
 * them. Whether a change was approved is for execution, whose result a quorum signed; here it is only followed.
 */
export class Enrolments {
  readonly #publishers: Map<string, Enrolled>;

  constructor({ genesis }: Chain) {
    this.#publishers = new Map(genesis.publishers.map(({ id, keys }) => [id, { status: 'active', keys }]));
  }

  /** A publisher as it stands after the leaves read so far; null for one that is not enrolled. */
  get(id: string): Enrolled | null {
    return this.#publishers.get(id) ?? null;
  }

  /** Reads the next leaf. */
  next({ entry: { value: entry } }: Leaf): void {
    if (entry.profile !== GOVERNANCE || entry.action !== CHANGE_PUBLISHERS) return;
    const bytes = entry.meta.get('change');
    const change = bytes instanceof Uint8Array ? decode(publisherChangeCodec, bytes) : null;
    if (!change?.ok) return;
    const { enrolled, altered } = change.value;
    for (const { id, keys } of enrolled) this.#publishers.set(id, { status: 'active', keys });
    for (const { id, status, keys } of altered) {
      const before = this.#publishers.get(id);
      if (before === undefined) continue;
      this.#publishers.set(id, { status: status ?? before.status, keys: keys ?? before.keys });
    }
  }
}
