import { noise } from '@libp2p/noise';

// Three things that libp2p 3.3 does for every message and need not: two writes to the socket instead of one, an answer
// from yamux, an error with its stack trace in noise. Without them an all-to-all round of 200 B at n = 4 takes half the
// time (measured). Where a later version names its fields otherwise, it is left as it is.

type NoiseFactory = ReturnType<typeof noise>;
type Noise = ReturnType<NoiseFactory>;
type Socket = Parameters<Noise['secureOutbound']>[0];
type Secured = Awaited<ReturnType<Noise['secureInbound']>>;

/** Noise that writes a message at once, instead of its length, body and tag one by one, and reads without errors. */
export function cheaperNoise(...init: Parameters<typeof noise>): NoiseFactory {
  const make = noise(...init);
  return components => {
    const encrypter = make(components);
    const { secureInbound, secureOutbound } = encrypter;
    encrypter.secureInbound = async (socket, options) =>
      calm(await secureInbound.call(encrypter, joined(socket), options));
    encrypter.secureOutbound = async (socket, options) =>
      calm(await secureOutbound.call(encrypter, joined(socket), options));
    return encrypter;
  };
}

function joined<T extends Socket>(socket: T): T {
  const send = socket.send.bind(socket);
  socket.send = data => send(data instanceof Uint8Array ? data : data.subarray());
  return socket;
}

/** The decoder ends every message with a RangeError for the length of the next: let it be one that is there already. */
function calm(secured: Secured): Secured {
  const { decoder } = secured.connection as { decoder?: { lengthDecoder?: LengthDecoder } };
  const decode = decoder?.lengthDecoder;
  if (decoder === undefined || decode === undefined) return secured;
  decoder.lengthDecoder = data => {
    if (data.byteLength < LENGTH_BYTES) throw INCOMPLETE;
    return decode(data);
  };
  return secured;
}

type LengthDecoder = (data: { readonly byteLength: number }) => number;
const LENGTH_BYTES = 2;
const INCOMPLETE = new RangeError('the length of the next message has not arrived');

/**
 * Tells the other side of room in the window when half of it is used, as other implementations of yamux do; this one
 * answers every message.
 */
export function answerAtHalfWindow(stream: object): void {
  const yamux: Partial<YamuxReceiver> = stream;
  const update = yamux.sendWindowUpdate?.bind(stream);
  if (update === undefined) return;
  yamux.sendWindowUpdate = () => {
    const halfLeft = Number(yamux.recvWindowCapacity) * 2 > Number(yamux.recvWindow);
    if (!halfLeft) update();
  };
}

/** What is used of a `YamuxStream`. */
interface YamuxReceiver {
  sendWindowUpdate(): void;
  /** Bytes that may still be received. */
  readonly recvWindowCapacity: number;
  /** Bytes that may be received at most before an update. */
  readonly recvWindow: number;
}
