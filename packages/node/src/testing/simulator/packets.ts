import type { Message } from '../../consensus/messages.ts';
import type * as protocolModule from '../../consensus/protocol.ts';

/** The protocol under test: the real module, or a copy with one line broken. */
export type Protocol = typeof protocolModule;

/** What replicas send each other beside the protocol's messages: bodies of batches. */
export type HostMessage =
  | { readonly type: 'batch'; readonly digest: string; readonly signature: Uint8Array }
  | { readonly type: 'batch-request'; readonly digest: string };

/** Everything that travels. */
export type Packet = Message | HostMessage;
