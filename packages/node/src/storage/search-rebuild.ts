import { decode, type Leaf, leafCodec, type SubjectValue, stateName, subjectValueCodec } from '@qifeng/core';
import type { Base, Head } from '../ports/ledger-store.ts';
import { SEGMENT, type SearchDocument } from '../ports/search.ts';
import { documentOf } from '../search/document.ts';
import { readBlock } from './block-repository.ts';
import { StorageError } from './errors.ts';
import type { KeyValue, View } from './key-value.ts';
import { readLeaf } from './leaf-repository.ts';
import { SealedBatch } from './sealed.ts';
import { loadIndexed, SearchIndex } from './search-index.ts';
import { changesOf } from './state-repository.ts';

/** Records that are indexed in one go. */
const BATCH = SEGMENT;

/** The search index of a store as far as it has full segments of this form, and the first record that is in none. */
export async function loadSearch(
  store: KeyValue,
  base: Base | null,
): Promise<{ readonly search: SearchIndex; readonly from: number }> {
  const bottom = base?.size ?? 0;
  const { superseded, from } = await loadIndexed(store);
  const begin = Math.max(from ?? 0, bottom);
  return { search: new SearchIndex(() => store, bottom, begin, superseded), from: begin };
}

/**
 * Indexes what the log holds from a record on: a few thousand records as a rule, all of them in a store that an older release
 * wrote. `issuerName` gives the names of publishers, which never change.
 */
export async function fillSearch(
  index: SearchIndex,
  from: number,
  store: KeyValue,
  head: Head | null,
  issuerName: (code: string) => string | null,
): Promise<void> {
  const size = head?.size ?? 0;
  const states = new BlockStates(store);
  for (let at = from; at < size; ) {
    const end = Math.min(size, (Math.floor(at / BATCH) + 1) * BATCH);
    const documents: SearchDocument[] = [];
    for (; at < end; at++) {
      const leaf = leafAt(store, at);
      if (leaf !== null) {
        const subject = states.of(leaf.height).get(at) ?? NOTHING_KNOWN;
        documents.push(documentOf(at, leaf, subject, issuerName(leaf.entry.value.subject.issuer)));
      }
    }
    const batch = new SealedBatch();
    const settle = index.stage(batch, documents, end, true);
    if (batch.changes.length > 0) await store.write(batch.changes, true);
    settle();
  }
}

/** A leaf; null if it is none: what is damaged is for a check to tell, and nothing that is certified hangs on it here. */
function leafAt(view: View, index: number): Leaf | null {
  const bytes = readLeaf(view, index);
  if (bytes === null) throw new StorageError('store-damaged', `the store lacks leaf ${index}`);
  const leaf = decode(leafCodec, bytes);
  return leaf.ok ? leaf.value : null;
}

/** Of a record that its subject's next one follows in the same block. */
const NOTHING_KNOWN = { state: '', validFrom: null, validTo: null };

const SUBJECT = stateName('subject').subarray(1);

/** The standings of the subjects that a block changed, one block after the other. */
class BlockStates {
  readonly #view: View;
  #height = 0;
  #states: ReadonlyMap<number, SubjectValue> = new Map();

  constructor(view: View) {
    this.#view = view;
  }

  /** By the log index of the record that gave it: a subject's last in the block. */
  of(height: number): ReadonlyMap<number, SubjectValue> {
    if (height === this.#height) return this.#states;
    const states = new Map<number, SubjectValue>();
    const block = readBlock(this.#view, height);
    if (block === null) throw new StorageError('store-damaged', `the store lacks block ${height}`);
    for (const { name, value } of changesOf(this.#view, height, block.changes)) {
      if (value === null || !SUBJECT.every((byte, i) => name[1 + i] === byte)) continue;
      const subject = decode(subjectValueCodec, value);
      if (subject.ok) states.set(subject.value.head, subject.value);
    }
    this.#height = height;
    this.#states = states;
    return states;
  }
}
