import {
  type Approvals,
  approvalBytes,
  type Chain,
  type Entry,
  type EpochValue,
  encode,
  entryCodec,
  type MembershipChange,
  membershipChangeCodec,
  membershipEntry,
  type Submission,
  submissionHeaderCodec,
  toUtf8,
} from '@qifeng/core';
import { contentOf, EVERY, hasDocuments, numberOf } from './batches.ts';
import {
  codeOf,
  newValidator,
  numberOfKey,
  PUBLISHER,
  PUBLISHER_KEY,
  suite,
  validatorKey,
} from './genesis.ts';

const DAY = 24 * 3_600_000;

/** Who joins, or comes back, with the key of this number, or leaves (null), by member. */
export type Moves = ReadonlyMap<number, number | null>;

/** A change of the set of an epoch with the approvals of some of its positions. */
export interface Change {
  readonly epoch: number;
  readonly moves: Moves;
  readonly approve: readonly number[];
}

/** What a symbolic batch stands for: a subject opened, later changed with a guess at its last record's index. */
export function documentsOf(chain: Chain, digest: string): readonly Submission[] {
  const batch = contentOf(digest);
  if (!hasDocuments(batch)) return [];
  const turn = numberOf(batch) / EVERY;
  const publishes = turn % 3 === 0;
  const entry: Entry = {
    profile: 'note',
    action: publishes ? 'open' : 'change',
    subject: { issuer: PUBLISHER, id: `document ${Math.floor(turn / 3)}` },
    digest: publishes ? { alg: 'sha256', hash: digestOf(batch) } : null,
    prev: publishes ? null : Math.floor(turn / 3),
    links: [],
    meta: new Map(),
    origin: null,
  };
  return [submissionOf(chain, batch, entry)];
}

/** The real submission by which a change reaches the ledger; those who join sign the block at `height`, of this text. */
export function changeSubmission(
  chain: Chain,
  batch: string,
  { epoch, moves, approve }: Change,
  { validators }: EpochValue,
  height: number,
  text: string,
): Submission {
  const members = [...moves]
    .sort(([a], [b]) => a - b)
    .map(([id, key]) => ({
      code: codeOf(id),
      validator: key === null ? null : newValidator(chain, key, epoch, height, text),
    }));
  const change: MembershipChange = { v: 1, epoch, members };
  const message = approvalBytes(
    chain.hash,
    epoch,
    suite.hasher.digest(encode(membershipChangeCodec, change)),
  );
  const approvals: Approvals = approve.map(position => {
    const { code, key } = validators[position]!;
    return [code, validatorKey(numberOfKey(key)).sign(message)];
  });
  return submissionOf(chain, batch, membershipEntry(PUBLISHER, change, approvals));
}

function submissionOf(chain: Chain, batch: string, entry: Entry): Submission {
  const nonce = digestOf(`nonce ${batch}`).subarray(0, 16);
  const header = {
    v: 1 as const,
    genesis: chain.hash,
    publisher: PUBLISHER,
    key: PUBLISHER_KEY,
    nonce,
    issuedAt: 0,
    expires: DAY,
    count: 1,
    root: digestOf(`root ${batch}`),
  };
  return {
    id: digestOf(`id ${batch}`),
    header,
    headerBytes: encode(submissionHeaderCodec, header),
    signature: new Uint8Array(64),
    entries: [entry],
    entryBytes: [encode(entryCodec, entry)],
  };
}

function digestOf(name: string): Uint8Array {
  return suite.hasher.digest(toUtf8(name));
}
