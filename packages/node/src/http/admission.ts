import { KeyedBuckets } from '../limits/keyed-buckets.ts';
import { gate, type Place } from './gate.ts';
import type { HttpLimits } from './limits.ts';
import { networkOf } from './network-of.ts';
import { HttpProblem } from './problem.ts';

/** Clients whose recent use is remembered. */
const MOST_CLIENTS = 16_384;

/** Seconds after which a stream that found no place may try again: others stay for long. */
const STREAM_RETRY_S = 10;

/** What is known of a request before anything of its body is read. */
export interface Arrival {
  readonly address: string;
  /** Bytes of its body, as it says; null: it has none. */
  readonly bodyBytes: number | null;
  /** It watches the node: it gets an answer also when all places are taken. */
  readonly watches: boolean;
  /** It goes on without an end. */
  readonly streams: boolean;
}

/** Lets requests in while there is room, and remembers what each client has used. */
export interface Admission {
  /** Gives places to a request, none to one that only watches; throws `busy` with the time after which to come again. */
  enter(arrival: Arrival): Place | null;
  /** Ms after which this client may have more of the node's time. */
  wait(arrival: Arrival): number;
  /** A read of this client took so many ms of the node. */
  spent(arrival: Arrival, ms: number): void;
  /** A submission of this client was refused at once. */
  refused(arrival: Arrival): void;
  /** Requests under way. */
  readonly taken: number;
  /** Streams that are open. */
  readonly streams: number;
}

/** The admission of a server. */
export function admission(limits: HttpLimits): Admission {
  const places = gate(limits.inFlight, limits.inFlightPerAddress);
  const streams = gate(limits.streams, limits.streamsPerAddress);
  const bodies = gate(limits.bodyBytes, limits.bodyBytes / 2);
  const time = new KeyedBuckets(limits.time, MOST_CLIENTS);
  const refusals = new KeyedBuckets(limits.refusals, MOST_CLIENTS);
  // Watching has a budget of its own, so that a client's other requests never leave its operator blind.
  const nameOf = ({ address, watches }: Arrival) => `${watches ? 'watch ' : ''}${networkOf(address)}`;
  return {
    get taken() {
      return places.taken;
    },
    get streams() {
      return streams.taken;
    },
    wait: arrival => time.wait(nameOf(arrival), performance.now()),
    enter: arrival => {
      const name = nameOf(arrival);
      const now = performance.now();
      const wait = Math.max(time.wait(name, now), arrival.bodyBytes === null ? 0 : refusals.wait(name, now));
      if (wait > 0) throw busy('one client may ask no more of this node', Math.ceil(wait / 1000));
      if (arrival.watches) return null;
      if (arrival.streams) {
        const place = streams.enter(name);
        if (place === null) throw busy('this node has as many streams as it takes', STREAM_RETRY_S);
        return place;
      }
      const place = places.enter(name);
      if (place === null) throw busy('this node has as many requests under way as it takes', 1);
      if (arrival.bodyBytes === null) return place;
      const body = bodies.enter(name, arrival.bodyBytes);
      if (body !== null) return both(place, body);
      place.release();
      throw busy('this node has as much under way as its memory is for', 1);
    },
    spent: (arrival, ms) => time.take(nameOf(arrival), ms, performance.now()),
    refused: arrival => refusals.take(nameOf(arrival), 1, performance.now()),
  };
}

function busy(detail: string, retryAfter: number): HttpProblem {
  return HttpProblem.of('busy', detail, { retryAfter });
}

function both(a: Place, b: Place): Place {
  return {
    hold: () => {
      a.hold();
      b.hold();
    },
    release: () => {
      a.release();
      b.release();
    },
  };
}
