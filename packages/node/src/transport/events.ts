/** What happened on the network, for the log. Codes are stable. */
export type TransportEventCode =
  | 'listening'
  | 'peer-connected'
  | 'peer-lost'
  | 'dial-failed'
  | 'peer-refused'
  | 'frame-too-large'
  | 'lane-unknown'
  | 'lane-repeated'
  | 'read-deadline'
  | 'peer-silent'
  | 'peer-slowed'
  | 'votes-overflow'
  | 'stream-failed'
  | 'replaced'
  | 'member-unreachable'
  | 'cut-off'
  | 'stopped';

/** One log event of the transport. */
export interface TransportEvent {
  readonly code: TransportEventCode;
  /** Code of the member it is about, where one is known. */
  readonly peer?: string;
  /** A sentence for a person. */
  readonly detail: string;
}

/** Where log events go. */
export type TransportLog = (event: TransportEvent) => void;

/** A transport that cannot start: the operator's configuration or the machine is at fault. */
export class TransportError extends Error {
  /** `p2p-key-mismatch`, `address-malformed` or `listen-failed`. */
  readonly code: 'p2p-key-mismatch' | 'address-malformed' | 'listen-failed';

  constructor(code: TransportError['code'], detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause });
    this.code = code;
  }
}
