/** Votes and other small things never queue behind bodies. */
export type Lane = 'votes' | 'bulk';

/** What the engine needs of the network: frames between members, by position in the validator set. */
export interface Transport {
  /** Queues one frame for a member; dropped silently while it is not connected (STATUS pulls what was lost). */
  send(to: number, frame: Uint8Array, lane: Lane): void;
  /** Called for every frame that arrives, with the position of the member it is from. Set before `start`. */
  onFrame: (from: number, frame: Uint8Array) => void;
  /** Called when a connection to a member opens or closes. Set before `start`. */
  onPeer: (peer: number, connected: boolean) => void;
  /** Members connected now, by position. */
  connected(): readonly number[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Bytes in one frame at most, by lane. */
export const MAX_FRAME_BYTES: Readonly<Record<Lane, number>> = {
  votes: 4 * 1024 * 1024,
  bulk: 8 * 1024 * 1024,
};
