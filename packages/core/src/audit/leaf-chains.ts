import { decode } from '../encoding/codec.ts';
import { type Fault, ok, type Result, refuse } from '../encoding/result.ts';
import { type Leaf, leafCodec } from '../records/leaf.ts';

interface Last {
  readonly index: number;
  /** Its `seq` or `version`. */
  readonly count: number;
}

/**
 * Reads a log from its first leaf on, in order, and checks that nothing was left out of it or slipped in: every publisher's
 * `seq` and every subject's `version` count from 1 without a gap, and name the record before. It remembers one entry a
 * publisher and one a subject, and no leaf.
 */
export class LeafChains {
  readonly #publishers = new Map<string, Last>();
  readonly #subjects = new Map<string, Last>();
  #index = 0;
  #height = 0;
  #time = 0;

  /**
   * Reads the next leaf, which is null if it is none. Faults: `bad-leaf`, `leaf-order`, `publisher-chain`, `subject-chain`;
   * of several the first.
   */
  next(bytes: Uint8Array): { readonly leaf: Leaf | null; readonly fault: Fault | null } {
    const decoded = decode(leafCodec, bytes);
    const index = this.#index++;
    if (!decoded.ok)
      return { leaf: null, fault: refuse('bad-leaf', `record ${index}: ${decoded.fault.detail}`).fault };
    const leaf = decoded.value;
    const verdicts = [this.#order(index, leaf), this.#publisher(index, leaf), this.#subject(index, leaf)];
    const wrong = verdicts.find(verdict => !verdict.ok);
    return { leaf, fault: wrong?.ok === false ? wrong.fault : null };
  }

  #order(index: number, { height, time }: Leaf): Result<void> {
    const [lastHeight, lastTime] = [this.#height, this.#time];
    this.#height = height;
    this.#time = time;
    const follows = height === lastHeight ? time === lastTime : height > lastHeight && time > lastTime;
    if (follows) return ok(undefined);
    return refuse(
      'leaf-order',
      `record ${index}: block ${height} at ${time} after ${lastHeight} at ${lastTime}`,
    );
  }

  #publisher(index: number, { publisher, seq, publisherPrev }: Leaf): Result<void> {
    const gap = follow(this.#publishers, publisher, { index, count: seq }, publisherPrev);
    if (gap === null) return ok(undefined);
    return refuse('publisher-chain', `record ${index} of publisher ${publisher}: ${gap}`);
  }

  #subject(index: number, { version, subjectPrev, entry }: Leaf): Result<void> {
    const { profile, subject, prev } = entry.value;
    const name = `${profile}/${subject.issuer}/${subject.id}`;
    const gap = follow(this.#subjects, name, { index, count: version }, subjectPrev);
    if (gap !== null) return refuse('subject-chain', `record ${index} of ${name}: ${gap}`);
    if (prev === subjectPrev) return ok(undefined);
    return refuse(
      'subject-chain',
      `record ${index} of ${name}: what was signed follows record ${prev ?? 'none'}`,
    );
  }
}

/** What is wrong with a record that names `prev` as the one before it in its chain, or null. */
function follow(chains: Map<string, Last>, name: string, mine: Last, prev: number | null): string | null {
  const last = chains.get(name);
  chains.set(name, mine);
  const count = (last?.count ?? 0) + 1;
  if (mine.count === count && prev === (last?.index ?? null)) return null;
  return `number ${mine.count} after record ${prev ?? 'none'}, expected ${count} after ${last?.index ?? 'none'}`;
}
