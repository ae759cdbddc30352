import {
  type Chain,
  GOVERNANCE,
  HandoverMemory,
  isUscc,
  type Leaf,
  type PublisherValue,
  type ReceiptVerifier,
  receiptVerifier,
  type Suite,
  verifyStatusProof,
} from '@qifeng/core';
import type { NodeClient } from '../sdk/client.ts';
import { NodeError } from '../sdk/node-error.ts';
import { definitionIn, lastDefinition, lastDefinitions, type NamedProfile, receiptOf } from './definition.ts';

/** What profiles and publishers are called, as far as it is proven. */
export interface Names {
  readonly chain: Chain;
  /** The newest version that is known of a profile; null for none. */
  readonly profile: (name: string) => NamedProfile | null;
  /** A publisher's name; null where it is not known. */
  readonly publisher: (id: string) => string | null;
  /** The member that a publisher is at home with, which enrolled it; null where it is not known. */
  readonly home: (id: string) => string | null;
}

/** Profiles and publishers that are to be spoken of. */
export interface Wanted {
  readonly profiles: Iterable<string>;
  readonly publishers?: Iterable<string>;
}

/** The names that records speak of: of profiles, and of the organs that act, own and are linked. */
export function wantedOf(leaves: readonly Pick<Leaf, 'publisher' | 'entry'>[]): Wanted {
  return {
    profiles: leaves.map(({ entry }) => entry.value.profile),
    publishers: leaves.flatMap(({ publisher, entry: { value } }) => [
      publisher,
      value.subject.issuer,
      ...value.links.map(({ subject }) => subject.issuer),
      ...[...value.meta.values()].flat().filter(one => typeof one === 'string'),
    ]),
  };
}

/** What was proven once and is kept for when no node is at hand. */
export type Pin = { readonly kind: 'profile' | 'publisher'; readonly name: string };

/** Where proofs are kept; they are judged anew whenever they are read. */
export interface Pins {
  /** The bytes that were kept, null where there are none that can be read. */
  read(pin: Pin): Promise<Uint8Array | null>;
  /** Keeps a proof, if it can. */
  keep(pin: Pin, bytes: Uint8Array): Promise<void>;
}

/** Publishers that are asked about at a time. */
const AT_ONCE = 8;

/**
 * Names from the genesis, and those that were registered after it: a profile by the receipt of the record that defines it,
 * a publisher by a status proof of any age, since its name and home never change. What a node has proven is pinned for later. What is
 * not known stays so: nothing that is verified depends on a name. A node can hide that there is a newer version of a
 * profile, and cannot make one up.
 */
export class Register implements Names {
  readonly chain: Chain;
  readonly #suite: Suite;
  readonly #pins: Pins | null;
  readonly #profiles = new Map<string, NamedProfile>();
  readonly #publishers = new Map<string, Pick<PublisherValue, 'name' | 'home'>>();
  readonly #verifies: ReceiptVerifier;
  readonly #handoverMemory = new HandoverMemory();
  /** What was looked for among the pins, and what nodes were asked about. */
  readonly #looked = new Set<string>();
  readonly #asked = new Set<string>();

  constructor(chain: Chain, suite: Suite, pins: Pins | null) {
    this.chain = chain;
    this.#suite = suite;
    this.#pins = pins;
    this.#verifies = receiptVerifier({ chain, suite, handoverMemory: this.#handoverMemory });
    for (const profile of chain.genesis.profiles) this.#profiles.set(profile.name, { profile, record: null });
    for (const publisher of chain.genesis.publishers) this.#publishers.set(publisher.id, publisher);
  }

  readonly profile = (name: string): NamedProfile | null => this.#profiles.get(name) ?? null;

  /** Every profile that is known, by name. */
  profiles(): readonly NamedProfile[] {
    return [...this.#profiles].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, named]) => named);
  }

  readonly publisher = (id: string): string | null => this.#publishers.get(id)?.name ?? null;

  readonly home = (id: string): string | null => this.#publishers.get(id)?.home ?? null;

  /**
   * Looks for what is not known yet, and for newer versions of profiles, among the pins and, where there is a client, at a node.
   * A node that fails or proves nothing leaves things as they are.
   */
  async learn({ profiles, publishers = [] }: Wanted, client: NodeClient | null): Promise<void> {
    const names = [...new Set(profiles)].filter(isDefinable);
    const ids = [...new Set(publishers)].filter(id => isUscc(id) && this.publisher(id) === null);
    await this.#lookUp(names, ids);
    if (client === null) return;
    try {
      for (const name of this.#once(names)) await this.#askProfile(name, client);
      const left = this.#once(ids.filter(id => this.publisher(id) === null));
      for (let i = 0; i < left.length; i += AT_ONCE)
        await Promise.all(left.slice(i, i + AT_ONCE).map(id => this.#askPublisher(id, client)));
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
    }
  }

  /**
   * Looks at a node for every profile that was registered after the genesis, whichever is to be spoken of: the question says
   * nothing of that. A node that fails or proves nothing leaves things as they are.
   */
  async learnProfiles(client: NodeClient): Promise<void> {
    try {
      for (const [name, index] of await lastDefinitions(client))
        if (isDefinable(name)) await this.#fetchProfile(name, index, client);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
    }
  }

  async #lookUp(names: readonly string[], ids: readonly string[]): Promise<void> {
    if (this.#pins === null) return;
    for (const name of names.filter(name => !this.#looked.has(name))) {
      this.#looked.add(name);
      const receipt = await this.#pins.read({ kind: 'profile', name });
      if (receipt !== null) this.#take(definitionIn(receipt, name, this.#verifies));
    }
    for (const id of ids.filter(id => !this.#looked.has(id))) {
      this.#looked.add(id);
      const proof = await this.#pins.read({ kind: 'publisher', name: id });
      if (proof !== null) this.#name(id, proof);
    }
  }

  async #askProfile(name: string, client: NodeClient): Promise<void> {
    const index = await foundOr(null, lastDefinition(name, client));
    if (index !== null) await this.#fetchProfile(name, index, client);
  }

  async #fetchProfile(name: string, index: number, client: NodeClient): Promise<void> {
    if (index === this.profile(name)?.record) return;
    const receipt = await foundOr(null, receiptOf(index, client));
    if (receipt === null || !this.#take(definitionIn(receipt, name, this.#verifies))) return;
    await this.#pins?.keep({ kind: 'profile', name }, receipt);
  }

  async #askPublisher(id: string, client: NodeClient): Promise<void> {
    const proof = await foundOr(null, client.statusProof({ kind: 'publisher', id }));
    if (proof !== null && this.#name(id, proof))
      await this.#pins?.keep({ kind: 'publisher', name: id }, proof);
  }

  /** Takes a profile that is newer than what is known; whether it is. */
  #take(found: NamedProfile | null): boolean {
    if (found === null) return false;
    const { name, version } = found.profile;
    if (version <= (this.profile(name)?.profile.version ?? -1)) return false;
    this.#profiles.set(name, found);
    return true;
  }

  /** Takes the name and the home that a status proof gives; whether it gives them. */
  #name(id: string, proof: Uint8Array): boolean {
    const trust = {
      chain: this.chain,
      suite: this.#suite,
      handoverMemory: this.#handoverMemory,
      fresh: null,
    };
    const status = verifyStatusProof(proof, { kind: 'publisher', id }, trust);
    if (!status.ok || status.value.value === null) return false;
    this.#publishers.set(id, status.value.value);
    return true;
  }

  #once(all: readonly string[]): readonly string[] {
    const fresh = all.filter(one => !this.#asked.has(one));
    for (const one of fresh) this.#asked.add(one);
    return fresh;
  }
}

/** Profiles that a record can define; its name is also part of a file's name. */
function isDefinable(name: string): boolean {
  return name !== GOVERNANCE && /^[a-z][a-z0-9-]{0,31}$/.test(name);
}

/** What a node answers, or `none` where it does not know it. Other failures are thrown on: there is no use in asking more. */
async function foundOr<T>(none: T, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NodeError && error.code === 'not-found') return none;
    throw error;
  }
}
