/** Votes and other small things never queue behind bodies. */
export type Lane = 'votes' | 'bulk';

/** How a member is reached, or where an observer comes from. */
export interface Contact {
  /** GB/T 2260 code, an observer's also a unified code: its name on the network, whatever its place in a validator set. */
  readonly code: string;
  /** Raw Ed25519 public key, 32 bytes; never the validator key. */
  readonly p2pKey: Uint8Array;
  /** Multiaddrs without peer id, such as `/ip4/127.0.0.1/tcp/8201`. */
  readonly addresses: readonly string[];
}

/** What frames of one kind may take. */
export interface FrameRule {
  /** Bytes in one at most, the byte that names its kind included. */
  readonly bytes: number;
  /** What one counts for against the frames a member may send in a second: 1, and more if its answer is larger than itself. */
  readonly cost: number;
}

/** What the engine needs of the network: frames between members, by their codes. */
export interface Transport {
  /** Queues one frame for a member; dropped silently while it is not connected (STATUS pulls what was lost). */
  send(to: string, frame: Uint8Array, lane: Lane): void;
  /**
   * Called for every frame that arrives, with the code of the member it is from. Set before `start`. A promise says when
   * the frame is dealt with, and never rejects: of each member only so many are handed over before that.
   */
  onFrame: (from: string, frame: Uint8Array) => void | Promise<void>;
  /** The rule for frames that begin with this byte; without one only their lane bounds them. Set before `start`. */
  ruleOf: (kind: number) => FrameRule | undefined;
  /** Called when a connection to a member opens or closes. Set before `start`. */
  onPeer: (peer: string, connected: boolean) => void;
  /** Codes of the members connected now, sorted; without observers, of whom nothing is asked. */
  connected(): readonly string[];
  /**
   * From now on these are the members and observers, ourselves among them or not: others are let go, new ones are sought. Members
   * are sought by those of a lower code and by observers; nobody seeks an observer, and observers do not meet.
   */
  setMembers(members: readonly Contact[]): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Bytes in one frame at most, by lane. */
export const MAX_FRAME_BYTES: Readonly<Record<Lane, number>> = {
  votes: 4 * 1024 * 1024,
  bulk: 8 * 1024 * 1024,
};
