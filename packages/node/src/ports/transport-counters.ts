import type { Lane } from './transport.ts';

/** Totals of one lane over all members since the transport was made; bytes are those of frames, without headers. */
export interface LaneCounters {
  framesIn: number;
  bytesIn: number;
  /** Handed to the network; arrival is not known. */
  framesOut: number;
  bytesOut: number;
  /** Overflowed, left in a queue when the connection closed, or sent while not connected. */
  framesDropped: number;
  bytesDropped: number;
  /** Writes to streams: fewer than `framesOut` when frames share one. */
  sends: number;
}

/** Totals of a transport, for the metrics. Only ever count up, except `queuedBytes`. */
export interface TransportCounters {
  readonly lanes: Readonly<Record<Lane, LaneCounters>>;
  /** Connections that became usable. */
  connected: number;
  /** Usable connections that closed. */
  lost: number;
  /** Connections refused because of who is on the other side. */
  refused: number;
  /** Connections closed because of what the other side sent or did not send in time. */
  misbehaved: number;
  /** Times that a member in a lane sent more than it may, and was read more slowly. */
  slowed: number;
  /** Waiting in queues now, all members and lanes. */
  queuedBytes: number;
}
