import {
  type Chain,
  type Codec,
  type Digest,
  type DigestValue,
  decode,
  digestValueCodec,
  encode,
  equalBytes,
  invariant,
  type NamePart,
  type PublisherValue,
  profileCodec,
  publisherValueCodec,
  type StateKind,
  type Subject,
  type SubjectValue,
  type SubmissionValue,
  stateName,
  subjectValueCodec,
  submissionValueCodec,
  toHex,
} from '@qifeng/core';
import { type ProfileRules, profileRules } from './profile-rules.ts';
import type { NamedValue, StateView } from './types.ts';

/** One value of the state while a block runs: read and decoded once, encoded once if it changed. */
export interface Cell<T> {
  /** Canonical name. */
  readonly name: Uint8Array;
  readonly value: T | null;
  set(value: T): void;
}

/** The state while a block runs: `view` and what the block changed so far. */
export interface WorkingState {
  publisher(id: string): Cell<PublisherValue>;
  subject(profile: string, subject: Subject): Cell<SubjectValue>;
  digest(digest: Digest): Cell<DigestValue>;
  /** Replay memory of one submission. */
  submission(id: Uint8Array): Cell<SubmissionValue>;
  profile(name: string): ProfileRules | null;
  /** Forgets the submissions whose `expires` is `time` or less, in order of expiry, then id. */
  forget(time: number): void;
  /** Each changed value once, in the order of the first changes. */
  changes(): NamedValue[];
}

/** A working state over `view` of this chain's state, which must not change while it is in use. */
export function workingState(view: StateView, chain: Chain): WorkingState {
  const encoders: (() => NamedValue)[] = [];

  function table<T>(kind: StateKind, codec: Codec<T>) {
    const cells = new Map<string, Cell<T>>();
    return (key: string, ...parts: readonly NamePart[]): Cell<T> => {
      const known = cells.get(key);
      if (known !== undefined) return known;
      const name = stateName(kind, ...parts);
      const bytes = view.value(name);
      let value = bytes === null ? null : decoded(codec, bytes);
      let changed = false;
      const cell: Cell<T> = {
        name,
        get value() {
          return value;
        },
        set: next => {
          value = next;
          if (!changed) encoders.push(() => [name, encode(codec, value!)]);
          changed = true;
        },
      };
      cells.set(key, cell);
      return cell;
    };
  }

  const publishers = table('publisher', publisherValueCodec);
  const subjects = table('subject', subjectValueCodec);
  const digests = table('digest', digestValueCodec);
  const submissions = table('submission', submissionValueCodec);
  const rules = new Map<string, ProfileRules | null>();

  return {
    publisher: id => publishers(id, id),
    // No part has a control character, so joined texts are as distinct as the parts.
    subject: (profile, { issuer, id }) => subjects(`${profile}\n${issuer}\n${id}`, profile, issuer, id),
    digest: ({ alg, hash }) => digests(`${alg}\n${toHex(hash)}`, alg, hash),
    submission: id => submissions(toHex(id), id),
    profile: name => {
      let found = rules.get(name);
      if (found === undefined) {
        const bytes = view.value(stateName('profile', name));
        found = bytes === null ? null : rulesOf(chain, name, bytes);
        rules.set(name, found);
      }
      return found;
    },
    forget: time => {
      for (const id of view.expired(time)) {
        const name = stateName('submission', id);
        encoders.push(() => [name, null]);
      }
    },
    changes: () => encoders.map(encoder => encoder()),
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
  if (last !== undefined && equalBytes(last.bytes, bytes)) return last.rules;
  const rules = profileRules(decoded(profileCodec, bytes));
  ofChain.set(name, { bytes: bytes.slice(), rules });
  return rules;
}

function decoded<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const result = decode(codec, bytes);
  invariant(result.ok, 'a value of the certified state is what execution wrote');
  return result.value;
}
