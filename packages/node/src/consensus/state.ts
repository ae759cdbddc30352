import type { Amount } from './amount.ts';
import type { BlockRef, Config } from './config.ts';
import type { Clock } from './input.ts';
import type {
  Block,
  CheckpointCertificate,
  CheckpointVote,
  Evidence,
  NewView,
  NewViewBody,
  Proposal,
  SignedVote,
  Status,
  ViewChange,
  ViewChangeBody,
  VoteCertificate,
  VoteKind,
} from './messages.ts';
import type { Output, WalRecord } from './output.ts';

/** A block this replica has the header of. */
export interface KnownBlock {
  readonly block: Block;
  /** Null until all bodies are here; then whether one holds a governance submission, and how much they are. */
  bodies: ({ readonly barrier: boolean } & Amount) | null;
  /** True once `need-bodies` was put out. */
  asked: boolean;
  /** The view it was last accepted in here, null if never: others may need it from us until it is final. */
  heldIn: number | null;
}

/** Votes of one view: kind → height → signer. One slot each, the first vote stays. */
export type Slots = Record<VoteKind, Map<number, Map<number, SignedVote>>>;

/** What one view has brought: kept for the current and the next view only. */
export interface ViewSlots {
  readonly votes: Slots;
  /** Height → signer: who may propose in a later view is not known before its NEW-VIEW. */
  readonly proposals: Map<number, Map<number, Arrived>>;
}

/** A proposal and the local time at which its header first came. */
export interface Arrived {
  readonly proposal: Proposal;
  readonly wall: number;
}

/** A batch that waits to be ordered. */
export interface Pooled extends Amount {
  readonly barrier: boolean;
  /** When it came here, or, in a later view, when that began less `overdue`: each leader gets as much time again. */
  readonly since: number;
  /** True once a block that had room for it, or held a later one, was committed without it when it was overdue. */
  passedOver: boolean;
}

/** Everything a replica knows. Owned and changed by `step` alone. */
export interface State {
  readonly config: Config;
  now: number;
  wall: number;

  /** The view this replica votes in. */
  view: number;
  /** Highest view it asked for; above `view` while it leaves: then it neither PREPAREs nor COMMITs. */
  asked: number;
  /** What it said when it asked, resent byte for byte. */
  ownViewChange: ViewChangeBody | null;
  /** The NEW-VIEW it signed last as a leader: one a view. */
  ownNewView: NewViewBody | null;
  /** The NEW-VIEW it accepted for `view`; null in view 0. */
  newView: NewView | null;
  /** What `view` starts from. */
  tip: BlockRef;
  /** Accepted in `view`, by height, the tip not included. */
  readonly accepted: Map<number, string>;
  /** True once PREPARE(view, tip) was sent, or needs not be. */
  tipPrepared: boolean;
  /** COMMITs sent in `view`, by height. */
  readonly commitSent: Map<number, string>;
  /** Highest PREPARED certificate of the epoch: by view first, then height. */
  high: VoteCertificate | null;

  /** Headers above the last executed block, and of the last executed block itself. */
  readonly blocks: Map<string, KnownBlock>;
  /** Highest block with a commit or checkpoint certificate, whether its ancestors are known or not. */
  target: BlockRef;
  /** Highest block known committed with all its ancestors down to the last executed one. */
  committed: BlockRef;
  commitCertificate: VoteCertificate | null;
  /** Hashes of committed blocks from the last final one up. */
  readonly chain: Map<number, string>;
  /** Last block given out for execution. */
  executing: number;
  executed: BlockRef;
  /** True once the block that ends the epoch is executed: nothing stands on it in this epoch. */
  closed: boolean;
  /** Checkpoint texts of executed blocks above the last final one. */
  readonly texts: Map<number, string>;
  /** Height of the last final block. */
  low: number;
  checkpoint: CheckpointCertificate | null;
  cosigned: {
    readonly height: number;
    readonly hash: string;
    readonly text: string;
    readonly time: number;
  } | null;

  readonly slots: Map<number, ViewSlots>;
  /** Latest VIEW-CHANGE of each signer. */
  readonly viewChanges: Map<number, ViewChange>;
  /** Cosignatures by height and signer, within (low, low+2W]. */
  readonly checkpointVotes: Map<number, Map<number, CheckpointVote>>;
  readonly peers: Map<number, Status>;

  /** Batches that wait to be ordered, by digest, in order of arrival. */
  readonly pool: Map<string, Pooled>;
  /** How fast leaders order what waits. */
  pace: Pace;
  /** The first evidence against each signer of the epoch. */
  readonly culprits: Map<number, Evidence>;

  timer: Timer;

  /** Outputs of the step under way. */
  readonly outbox: Outbox;
}

/** The progress timer and the periods beside it; times in ms of `now`. */
export interface Timer {
  timeout: number;
  deadline: number | null;
  resendAt: number;
  statusAt: number;
  /** When a block last committed here. */
  progressAt: number;
  commits: number;
}

/** Rates in batches per ms in which something waited here: an idle leader is not a slow one. */
export interface Pace {
  /** Which term of which view is measured, and whose it is. */
  readonly term: string;
  readonly leader: number;
  /** Of each leader's last term that had work for a window or longer, by position. */
  readonly rates: ReadonlyMap<number, number>;
  readonly window: Tally;
  readonly whole: Tally;
  /** Windows in a row below half of the median of the others. */
  slow: number;
}

interface Tally {
  batches: number;
  ms: number;
}

/** Outputs in the order the contract asks for. */
export interface Outbox {
  persist: WalRecord[];
  rest: Exclude<Output, { type: 'persist' }>[];
}

/** Nothing measured yet. */
export function freshPace(): Pace {
  const zero = (): Tally => ({ batches: 0, ms: 0 });
  return { term: '', leader: -1, rates: new Map(), window: zero(), whole: zero(), slow: 0 };
}

/** A replica that has seen nothing. */
export function initialState(config: Config, { now, wall }: Clock): State {
  const base: BlockRef = { height: config.base.height, hash: config.base.hash };
  return {
    config,
    now,
    wall,
    view: 0,
    asked: 0,
    ownViewChange: null,
    ownNewView: null,
    newView: null,
    tip: base,
    accepted: new Map(),
    tipPrepared: true,
    commitSent: new Map(),
    high: null,
    blocks: new Map(),
    target: base,
    committed: base,
    commitCertificate: null,
    chain: new Map([[base.height, base.hash]]),
    executing: base.height,
    executed: base,
    closed: false,
    texts: new Map(),
    low: base.height,
    checkpoint: null,
    cosigned: null,
    slots: new Map([
      [0, emptySlots()],
      [1, emptySlots()],
    ]),
    viewChanges: new Map(),
    checkpointVotes: new Map(),
    peers: new Map(),
    pool: new Map(),
    pace: freshPace(),
    culprits: new Map(),
    timer: {
      timeout: config.timing.baseTimeout,
      deadline: null,
      resendAt: now,
      statusAt: now,
      progressAt: now,
      commits: 0,
    },
    outbox: { persist: [], rest: [] },
  };
}

/** Slots of a view nothing was heard of. */
export function emptySlots(): ViewSlots {
  return { votes: { prepare: new Map(), commit: new Map() }, proposals: new Map() };
}

/** Highest block accepted in the current view, the tip to begin with. */
export function topAccepted(state: State): BlockRef {
  let top = state.tip;
  for (const [height, hash] of state.accepted) if (height > top.height) top = { height, hash };
  return top;
}

/** True while this replica has asked for a later view: it then neither PREPAREs nor COMMITs. */
export function leaving(state: State): boolean {
  return state.asked > state.view;
}

/** True while this replica neither PREPAREs nor COMMITs: it leaves its view, or has no vote. */
export function abstains(state: State): boolean {
  return !state.config.votes || leaving(state);
}

/** Puts a record before everything that leaves in this step. */
export function persist(state: State, record: WalRecord): void {
  state.outbox.persist.push(record);
}

/** Puts out anything but a record. */
export function emit(state: State, output: Exclude<Output, { type: 'persist' }>): void {
  state.outbox.rest.push(output);
}

/** Takes the batch of this step. */
export function drain(state: State): Output[] {
  const { persist: records, rest } = state.outbox;
  state.outbox.persist = [];
  state.outbox.rest = [];
  return [...records.map(record => ({ type: 'persist', record }) as const), ...rest];
}
