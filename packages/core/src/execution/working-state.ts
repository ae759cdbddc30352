import { HASH_LENGTH } from '../crypto/hasher.ts';
import { concat, equalBytes } from '../encoding/bytes.ts';
import { type Codec, decode } from '../encoding/codec.ts';
import { invariant } from '../encoding/result.ts';
import type { Chain } from '../ledger/genesis.ts';
import type { Digest, Subject } from '../records/entry.ts';
import { type Profile, profileCodec } from '../records/profile.ts';
import {
  type AccusationValue,
  accusationValueCodec,
  type DigestValue,
  digestValueCodec,
  type EpochValue,
  epochValueCodec,
  type MemberValue,
  memberValueCodec,
  type NamePart,
  type ObserversValue,
  observersValueCodec,
  type PublisherValue,
  publisherValueCodec,
  type StateKind,
  type SubjectValue,
  type SubmissionValue,
  stateName,
  subjectValueCodec,
  submissionValueCodec,
} from '../records/state.ts';
import { type Encodable, encodeAll } from './encode-all.ts';
import { type ProfileRules, profileRules } from './profile-rules.ts';
import type { NamedValue, StateView } from './types.ts';

/** One value of the state while a block runs: read and decoded once, encoded once if it changed. */
export class Cell<T> {
  /** Canonical name. */
  readonly name: Uint8Array;
  readonly codec: Codec<T>;
  readonly #changed: Changed[];
  #value: T | null;
  #isChanged = false;

  constructor(name: Uint8Array, value: T | null, codec: Codec<T>, changed: Changed[]) {
    this.name = name;
    this.#value = value;
    this.codec = codec;
    this.#changed = changed;
  }

  get value(): T | null {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    if (!this.#isChanged) this.#changed.push(this as Changed);
    this.#isChanged = true;
  }
}

/** What a block changed, to be encoded when all of it is done. */
type Changed = Encodable<unknown> & { readonly name: Uint8Array };

/** The state while a block runs: `view` and what the block changed so far. */
export interface WorkingState {
  publisher(id: string): Cell<PublisherValue>;
  subject(profile: string, subject: Subject): Cell<SubjectValue>;
  digest(digest: Digest): Cell<DigestValue>;
  /** Replay memory of one submission. */
  submission(id: Uint8Array): Cell<SubmissionValue>;
  profile(name: string): ProfileRules | null;
  /** Puts a profile in the place of the one of its name, if there is one. */
  define(profile: Profile): void;
  member(code: string): Cell<MemberValue>;
  /** The validator set of an epoch. */
  epoch(epoch: number): Cell<EpochValue>;
  /** The accusation of a member in an epoch. */
  accusation(code: string, epoch: number): Cell<AccusationValue>;
  observers(): Cell<ObserversValue>;
  /** Forgets the submissions whose `expires` is `time` or less, in order of expiry, then id. */
  forget(time: number): void;
  /** Each changed value once: those forgotten, then the others in the order of their first changes. */
  changes(): NamedValue[];
}

// A name that ends in a hash is always the same up to there, and short enough for V8 to keep it on its heap: joined so it
// takes a fifth of what encoding it does (measured).
const headOf = (kind: StateKind, ...parts: readonly NamePart[]) =>
  stateName(kind, ...parts, new Uint8Array(HASH_LENGTH)).slice(0, -HASH_LENGTH);
const DIGEST_HEADS = { sha256: headOf('digest', 'sha256'), sm3: headOf('digest', 'sm3') } as const;
const SUBMISSION_HEAD = headOf('submission');

/** A working state over `view` of this chain's state, which must not change while it is in use. */
export function workingState(view: StateView, chain: Chain): WorkingState {
  const forgotten: NamedValue[] = [];
  const changed: Changed[] = [];

  function table<T>(codec: Codec<T>) {
    const cells = new Map<string, Cell<T>>();
    return (key: string, nameOf: () => Uint8Array): Cell<T> => {
      let cell = cells.get(key);
      if (cell !== undefined) return cell;
      const name = nameOf();
      const bytes = view.value(name);
      cell = new Cell(name, bytes === null ? null : decoded(codec, bytes), codec, changed);
      cells.set(key, cell);
      return cell;
    };
  }

  const publishers = table(publisherValueCodec);
  const subjects = table(subjectValueCodec);
  const digests = table(digestValueCodec);
  const submissions = table(submissionValueCodec);
  const members = table(memberValueCodec);
  const epochs = table(epochValueCodec);
  const accusations = table(accusationValueCodec);
  const observers = table(observersValueCodec);
  const profiles = table(profileCodec);
  const rules = new Map<string, ProfileRules | null>();

  return {
    publisher: id => publishers(id, () => stateName('publisher', id)),
    // No part has a control character, so joined texts are as distinct as the parts.
    subject: (profile, { issuer, id }) =>
      subjects(`${profile}\n${issuer}\n${id}`, () => stateName('subject', profile, issuer, id)),
    digest: ({ alg, hash }) => digests(alg + textOf(hash), () => concat(DIGEST_HEADS[alg], hash)),
    submission: id => submissions(textOf(id), () => concat(SUBMISSION_HEAD, id)),
    member: code => members(code, () => stateName('member', code)),
    epoch: epoch => epochs(String(epoch), () => stateName('epoch', epoch)),
    accusation: (code, epoch) => accusations(`${code} ${epoch}`, () => stateName('accusation', code, epoch)),
    observers: () => observers('', () => stateName('observers')),
    profile: name => {
      let found = rules.get(name);
      if (found === undefined) {
        const bytes = view.value(stateName('profile', name));
        found = bytes === null ? null : rulesOf(chain, name, bytes);
        rules.set(name, found);
      }
      return found;
    },
    define: profile => {
      profiles(profile.name, () => stateName('profile', profile.name)).set(profile);
      rules.set(profile.name, profileRules(profile));
    },
    forget: time => {
      for (const id of view.expired(time)) {
        const name = stateName('submission', id);
        forgotten.push([name, null]);
      }
    },
    changes: () => {
      const values = encodeAll(changed);
      return [...forgotten, ...changed.map(({ name }, i): NamedValue => [name, values[i]!])];
    },
  };
}

// Decoding a profile takes as long as a dozen records, and there are few: each chain's last ones are kept, and used only
// for the very bytes they were decoded from.
const known = new WeakMap<Chain, Map<string, { readonly bytes: Uint8Array; readonly rules: ProfileRules }>>();

function rulesOf(chain: Chain, name: string, bytes: Uint8Array): ProfileRules {
  let ofChain = known.get(chain);
  if (ofChain === undefined) {
    ofChain = new Map();
    known.set(chain, ofChain);
  }
  const last = ofChain.get(name);
  if (last !== undefined && (last.bytes === bytes || equalBytes(last.bytes, bytes))) return last.rules;
  const rules = profileRules(decoded(profileCodec, bytes));
  ofChain.set(name, { bytes, rules });
  return rules;
}

/** A text that stands for a hash; a tenth of the cost of hex. */
function textOf(hash: Uint8Array): string {
  return String.fromCharCode.apply(null, hash as unknown as number[]);
}

function decoded<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const result = decode(codec, bytes);
  invariant(result.ok, 'a value of the certified state is what execution wrote');
  return result.value;
}
