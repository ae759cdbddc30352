import {
  type Codec,
  encode,
  equalBytes,
  fixedBytes,
  type Hasher,
  type Header,
  headerCodec,
  list,
  MAX_COSIGNATURE_TIME,
  MAX_VALIDATORS,
  nullable,
  oneOf,
  record,
  refined,
  SIGNATURE_LENGTH,
  text,
  toHex,
  tuple,
  uint,
} from '@qifeng/core';
import { MAX_HEADERS } from '../../consensus/chain.ts';
import type {
  Block,
  CheckpointCertificate,
  CheckpointVote,
  Evidence,
  HeaderRequest,
  NewView,
  NewViewBody,
  Proposal,
  SignedVote,
  Status,
  ViewChange,
  ViewChangeBody,
  VoteCertificate,
} from '../../consensus/messages.ts';
import type { Draft } from '../../consensus/propose.ts';
import { hashCodec as hash, hashBytes } from './hashes.ts';

/** Codecs of everything the protocol says and stores, on one chain. */
export interface WireCodecs {
  readonly block: Codec<Block>;
  readonly vote: Codec<SignedVote>;
  readonly voteCertificate: Codec<VoteCertificate>;
  readonly proposal: Codec<Proposal>;
  readonly checkpointVote: Codec<CheckpointVote>;
  readonly checkpointCertificate: Codec<CheckpointCertificate>;
  readonly viewChangeBody: Codec<ViewChangeBody>;
  readonly viewChange: Codec<ViewChange>;
  readonly newViewBody: Codec<NewViewBody>;
  readonly newView: Codec<NewView>;
  readonly evidence: Codec<Evidence>;
  readonly status: Codec<Status>;
  readonly headerRequest: Codec<HeaderRequest>;
  readonly headers: Codec<readonly Block[]>;
}

const signature = fixedBytes(SIGNATURE_LENGTH);
const signer = uint(MAX_VALIDATORS - 1);
const epoch = uint(0xffff_ffff);
const time = uint(MAX_COSIGNATURE_TIME);
const signatures = list(record({ signer, signature }), MAX_VALIDATORS);
const vote = { kind: oneOf('prepare', 'commit'), epoch, view: uint(), height: uint(), hash };
const checkpoint = { epoch, height: uint(), hash, text: text(1024, 1) };

/** The header that a block inside the protocol stands for, and its hash. */
export function headerOf(draft: Draft, genesis: Uint8Array): Header {
  const { height, parent, proposer, epoch: number, timestamp, batches, barrier } = draft;
  return {
    v: 1,
    genesis,
    height,
    parent: hashBytes(parent),
    proposer,
    epoch: number,
    timestamp,
    batches: batches.map(hashBytes),
    barrier,
  };
}

/** A header as the protocol sees it. */
export function blockOf(header: Header, hashOfIt: Uint8Array): Block {
  const { height, parent, proposer, epoch: number, timestamp, batches, barrier } = header;
  return {
    hash: toHex(hashOfIt),
    height,
    parent: toHex(parent),
    proposer,
    epoch: number,
    timestamp,
    batches: batches.map(toHex),
    barrier,
  };
}

/** The codecs of a chain. A header of another chain is refused. */
export function wireCodecs(genesis: Uint8Array, hasher: Hasher): WireCodecs {
  const header = refined(headerCodec, value =>
    equalBytes(value.genesis, genesis) ? null : 'a header of another chain',
  );
  const block: Codec<Block> = {
    write: (out, value) => header.write(out, headerOf(value, genesis)),
    read: input => {
      const start = input.position;
      const value = header.read(input);
      return blockOf(value, hasher.digest(input.since(start)));
    },
  };
  const voteCertificate = record({ ...vote, signatures });
  const checkpointCertificate = record({
    ...checkpoint,
    signatures: list(record({ signer, time, signature }), MAX_VALIDATORS),
  });
  const viewChangeBody = record({
    epoch,
    newView: uint(),
    high: nullable(voteCertificate),
    checkpoint: nullable(checkpointCertificate),
  });
  const viewChange = record({
    epoch,
    newView: uint(),
    high: nullable(voteCertificate),
    checkpoint: nullable(checkpointCertificate),
    signer,
    signature,
  });
  const signedVote = record({ ...vote, signer, signature });
  const checkpointVote = record({ ...checkpoint, signer, time, signature });
  const newView = { epoch, view: uint(), viewChanges: list(viewChange, MAX_VALIDATORS) };
  return {
    block,
    vote: signedVote,
    voteCertificate,
    proposal: record({ view: uint(), block, signer, signature }),
    checkpointVote,
    checkpointCertificate,
    viewChangeBody,
    viewChange,
    newViewBody: record(newView),
    newView: record({ ...newView, signer, signature }),
    evidence: evidenceCodec(signedVote, checkpointVote),
    status: record({
      epoch,
      view: uint(),
      asked: uint(),
      accepted: uint(),
      committed: uint(),
      final: uint(),
    }),
    headerRequest: record({ hash, above: uint() }),
    headers: list(block, MAX_HEADERS, 1),
  };
}

/** `{votes [2] | null, checkpoints [2] | null}`, one of them null. */
function evidenceCodec(vote: Codec<SignedVote>, checkpointVote: Codec<CheckpointVote>): Codec<Evidence> {
  const either = refined(
    record({
      votes: nullable(tuple(vote, vote)),
      checkpoints: nullable(tuple(checkpointVote, checkpointVote)),
    }),
    ({ votes, checkpoints }) =>
      (votes === null) === (checkpoints === null) ? 'not one kind of evidence' : null,
  );
  return {
    write: (out, evidence) => {
      const votes = evidence.type === 'votes' ? ([evidence.first, evidence.second] as const) : null;
      const checkpoints =
        evidence.type === 'checkpoints' ? ([evidence.first, evidence.second] as const) : null;
      either.write(out, { votes, checkpoints });
    },
    read: input => {
      const { votes, checkpoints } = either.read(input);
      if (votes !== null) return { type: 'votes', first: votes[0], second: votes[1] };
      return { type: 'checkpoints', first: checkpoints![0], second: checkpoints![1] };
    },
  };
}

/** Names a fresh block by the hash of its header. */
export function blockHasher(genesis: Uint8Array, hasher: Hasher): (draft: Draft) => string {
  return draft => toHex(hasher.digest(encode(headerCodec, headerOf(draft, genesis))));
}
