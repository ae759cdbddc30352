import type { Header } from '../ledger/block.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import {
  type JsonCodec,
  jsonBoolean,
  jsonExactly,
  jsonHex,
  jsonList,
  jsonNullable,
  jsonObject,
  jsonOneOf,
  jsonText,
  jsonUint,
  type Viewed,
} from './json-codec.ts';
import { digestView, leafView } from './record-views.ts';

/** A record: its log index and its leaf. */
export const recordView = jsonObject('Record', { index: jsonUint, leaf: leafView });
/** A record as the interface shows it. */
export type RecordView = Viewed<typeof recordView>;

/** Where a subject stands in the state of the last executed block. */
export const standingView = jsonObject('Standing', {
  profile: jsonText,
  issuer: jsonText,
  id: jsonText,
  state: jsonText,
  head: jsonUint,
  version: jsonUint,
  owner: jsonText,
  digest: jsonNullable(digestView),
  validFrom: jsonNullable(jsonText),
  validTo: jsonNullable(jsonText),
});
/** A subject's standing as the interface shows it. */
export type StandingView = Viewed<typeof standingView>;

/** Height and time (ms) of the block whose state an answer is from. */
export const asOfView = jsonObject('AsOf', { height: jsonUint, time: jsonUint });

/** One page of records, ascending; `next` is the `from` of the following page, null on the last. */
export const recordPageView = jsonObject('RecordPage', {
  records: jsonList(recordView),
  next: jsonNullable(jsonUint),
});

/** Every record that carried a digest, each with the standing of its subject. */
export const documentView = jsonObject('Document', {
  digest: digestView,
  count: jsonUint,
  records: jsonList(
    jsonObject('DocumentRecord', { index: jsonUint, leaf: leafView, standing: jsonNullable(standingView) }),
  ),
  next: jsonNullable(jsonUint),
  asOf: asOfView,
});

/** A subject's standing and the record that gave it. */
export const subjectStandingView = jsonObject('SubjectStanding', {
  standing: standingView,
  record: recordView,
  asOf: asOfView,
});

const blockHeaderView: JsonCodec<Header> = jsonObject('BlockHeader', {
  v: jsonExactly(1),
  genesis: jsonHex(32),
  height: jsonUint,
  parent: jsonHex(32),
  proposer: jsonText,
  epoch: jsonUint,
  timestamp: jsonUint,
  batches: jsonList(jsonHex(32)),
  barrier: jsonBoolean,
});

const checkpointView: JsonCodec<Checkpoint> = jsonObject('Checkpoint', {
  origin: jsonText,
  size: jsonUint,
  root: jsonHex(32),
  height: jsonUint,
  blockHash: jsonHex(32),
  stateRoot: jsonHex(32),
  epoch: jsonUint,
});

/** An executed block: its header, the checkpoint after it, and its records, `count` from log index `first` on. */
export const blockView = jsonObject('Block', {
  hash: jsonHex(32),
  header: blockHeaderView,
  checkpoint: checkpointView,
  /** A checkpoint at or above it has a quorum's cosignatures here. */
  certified: jsonBoolean,
  first: jsonUint,
  count: jsonUint,
});

/**
 * What blocks made of the submissions in their bodies, in the order of execution: of those recorded what their publishers
 * signed, of those refused nothing but that. One that was dropped is not there; one that stands twice in a block may be too.
 * `next` is the `from` of the following page, null after the last block.
 */
export const executedPageView = jsonObject('ExecutedPage', {
  submissions: jsonList(
    jsonObject('Executed', {
      height: jsonUint,
      id: jsonHex(32),
      recorded: jsonNullable(jsonObject('SignedHeader', { header: jsonHex(), signature: jsonHex(64) })),
      refused: jsonNullable(
        jsonObject('Remembered', { expires: jsonUint, code: jsonText, entry: jsonNullable(jsonUint) }),
      ),
    }),
  ),
  next: jsonNullable(jsonText),
});

/** A publisher as it stands. */
export const publisherView = jsonObject('Publisher', {
  id: jsonText,
  name: jsonText,
  home: jsonText,
  keys: jsonList(jsonHex(32)),
  status: jsonOneOf('active', 'suspended'),
  roles: jsonList(jsonText),
  quota: jsonUint,
  seq: jsonUint,
  head: jsonNullable(jsonUint),
  changed: jsonNullable(jsonUint),
});

/** One page of publishers by id; `next` is the `after` of the following page, null on the last. A page may be short, or empty, and have a `next`. */
export const publisherPageView = jsonObject('PublisherPage', {
  publishers: jsonList(publisherView),
  next: jsonNullable(jsonText),
});

/**
 * The members, and the keys of those in the present validator set; the observers, which are no members, and the log index of the
 * last record that removed one.
 */
export const membersView = jsonObject('Members', {
  epoch: jsonUint,
  quorum: jsonUint,
  members: jsonList(
    jsonObject('Member', {
      code: jsonText,
      nameZh: jsonText,
      nameEn: jsonText,
      validator: jsonBoolean,
      key: jsonNullable(jsonHex(32)),
      logKey: jsonNullable(jsonHex(32)),
      p2pKey: jsonNullable(jsonHex()),
      addresses: jsonList(jsonText),
    }),
  ),
  observers: jsonList(
    jsonObject('Observer', {
      code: jsonText,
      name: jsonText,
      p2pKey: jsonHex(32),
      addresses: jsonList(jsonText),
    }),
  ),
  removal: jsonNullable(jsonUint),
});

/**
 * Members accused in an epoch: log index of the accusation if there is a record, and its bytes as the formats have them; null
 * if this node holds neither record nor evidence of its own.
 */
export const evidenceView = jsonObject('Evidence', {
  epoch: jsonUint,
  accused: jsonList(
    jsonObject('Accusation', {
      code: jsonText,
      record: jsonNullable(jsonUint),
      evidence: jsonNullable(jsonHex()),
    }),
  ),
});
/** The accused of an epoch as the interface shows them. */
export type EvidenceView = Viewed<typeof evidenceView>;

/** Where a node stands, and its peers as they said themselves. */
export const networkView = jsonObject('Network', {
  name: jsonText,
  genesis: jsonHex(32),
  origin: jsonText,
  suite: jsonOneOf('ed25519-sha256', 'sm2-sm3'),
  code: jsonText,
  epoch: jsonUint,
  /** Whether this node has a vote: it is of the set, and its key remembers what it signed. */
  votes: jsonBoolean,
  view: jsonUint,
  /** The view that it asks for; above `view` it has left that one and votes in none. */
  asked: jsonUint,
  leader: jsonText,
  height: jsonUint,
  final: jsonUint,
  certified: jsonNullable(jsonUint),
  size: jsonUint,
  pending: jsonUint,
  ready: jsonBoolean,
  reason: jsonNullable(jsonText),
  /** Members of this epoch whose signatures contradict each other, each with the log index at which that is recorded. */
  accused: jsonList(jsonObject('Accused', { code: jsonText, record: jsonNullable(jsonUint) })),
  peers: jsonList(
    jsonObject('Peer', {
      code: jsonText,
      connected: jsonBoolean,
      view: jsonNullable(jsonUint),
      height: jsonNullable(jsonUint),
      final: jsonNullable(jsonUint),
    }),
  ),
});
