import {
  type Chain,
  decode,
  decodeSubmission,
  encode,
  leafCodec,
  mapHash,
  memoryNodeStore,
  type SubmissionValue,
  signedBytes,
  stateName,
  submissionValueCodec,
  toHex,
  updateMap,
} from '@qifeng/core';
import { executeBlock, genesisState, type NamedValue } from '@qifeng/core/execution';
import { nativeSuite } from '@qifeng/core/native';
import type { Executed } from '../../packages/client/src/audit/submissions.ts';
import { unwrap } from '../fixtures/builder.ts';
import { Ledger, type LedgerOutcome } from './ledger.ts';

const { hasher } = nativeSuite;
const map = mapHash(hasher);

/** A ledger by the real execution, one block a submission, refused ones included: its state roots are those of a node. */
export class ExecutedLedger extends Ledger {
  /** Changes what a block makes of the state, before its root is worked out: everybody who cosigns takes part. */
  forgeState: (changes: readonly NamedValue[]) => readonly NamedValue[] = changes => changes;
  readonly #values = new Map<string, Uint8Array>();
  readonly #pages = memoryNodeStore();
  /** State roots by height. */
  readonly #roots: Uint8Array[] = [];
  /** Blocks with a submission, each with what the state remembers of that. */
  readonly #taken: { readonly id: Uint8Array; readonly height: number; readonly value: SubmissionValue }[] =
    [];

  constructor(chain: Chain) {
    super(chain);
    this.#roots.push(this.#store(genesisState(chain)));
  }

  /** What is listed of the blocks from a height on; of those recorded it is what stands in the log. */
  executed(from: number): Executed[] {
    return this.#taken
      .filter(({ height, value }) => height >= from && (value.first ?? 0) < this.leaves.length)
      .map(({ id, height, value: { first, expires, code, entry } }) => {
        if (first === null) return { height, id, recorded: null, refused: { expires, code: code!, entry } };
        const { headerBytes: header, signature } = this.leaves[first]!.submission;
        const signed = hasher.digest(signedBytes(header));
        return { height, id: signed, recorded: { header, signature }, refused: null };
      });
  }

  override take(bytes: Uint8Array): { readonly id: string; readonly outcome: LedgerOutcome } {
    const submission = unwrap(decodeSubmission(bytes, hasher));
    const id = toHex(submission.id);
    const known = this.outcomes.get(id);
    if (known !== undefined) return { id, outcome: known };
    const header = this.block([submission.id]);
    const { height } = header;
    const first = this.leaves.length;
    const done = executeBlock({ header, firstIndex: first, submissions: [submission] }, this.#view, {
      chain: this.chain,
      ...nativeSuite,
    });
    for (const honest of done.leaves) {
      const leaf = encode(leafCodec, this.forge(unwrap(decode(leafCodec, honest))));
      this.leaves.push({ bytes: leaf, leaf: unwrap(decode(leafCodec, leaf)), submission });
    }
    this.#roots[height] = this.#store(this.forgeState(done.changes));
    const { refusal, count } = done.outcomes[0]!;
    const value = unwrap(decode(submissionValueCodec, this.#values.get(keyOf(submission.id))!));
    this.#taken.push({ id: submission.id, height, value });
    const outcome = refusal ?? { first, count, height };
    this.outcomes.set(id, outcome);
    return { id, outcome };
  }

  override heartbeat(): void {
    const { timestamp, height } = this.block([]);
    const forgotten = this.#view.expired(timestamp).map(id => [stateName('submission', id), null] as const);
    this.#roots[height] = this.#store(this.forgeState(forgotten));
  }

  protected override stateRoot(height: number): Uint8Array {
    return this.#roots[height]!;
  }

  readonly #view = {
    value: (name: Uint8Array) => this.#values.get(toHex(name)) ?? null,
    expired: (until: number) =>
      this.#taken
        .filter(({ id, value }) => value.expires <= until && this.#values.has(keyOf(id)))
        .map(({ id }) => id),
  };

  #store(changes: readonly NamedValue[]): Uint8Array {
    for (const [name, value] of changes)
      if (value === null) this.#values.delete(toHex(name));
      else this.#values.set(toHex(name), value);
    const keyed = changes.map(
      ([name, value]) => [hasher.digest(name), value === null ? null : hasher.digest(value)] as const,
    );
    const update = updateMap(
      map,
      this.#pages,
      keyed.toSorted(([a], [b]) => (toHex(a) < toHex(b) ? -1 : 1)),
    );
    this.#pages.apply(update);
    return update.root;
  }
}

function keyOf(id: Uint8Array): string {
  return toHex(stateName('submission', id));
}
