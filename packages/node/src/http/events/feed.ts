import type { NodeService } from '../../ports/node-service.ts';
import type { HttpLog } from '../faults.ts';
import type { HttpLimits } from '../limits.ts';
import { checkpointAt } from '../state.ts';
import { announcedOf } from './announced.ts';
import { EventStream, type StreamRequest, type StreamSource } from './stream.ts';

/** The final records of a node, told to all who listen: the one place that hears of final blocks for them. */
export interface EventFeed {
  /** Records that are final: the log index after the last one. */
  readonly size: number;
  /** A stream that begins after a log index and has no end before `close`. */
  open(request: StreamRequest): EventStream;
  /** Ends all streams, each with a last word. */
  close(): void;
}

/** The feed of a node, live from now on. */
export function eventFeed(
  service: NodeService,
  { streamBeatMs, streamStallMs }: Pick<HttpLimits, 'streamBeatMs' | 'streamStallMs'>,
  log: HttpLog,
): EventFeed {
  const streams = new Set<EventStream>();
  let closed = false;
  let size = finalSize(service, service.standing().final);
  const source: StreamSource = {
    announced: announcedOf(service.ledger),
    size: () => size,
    stallMs: streamStallMs,
  };
  const silence = service.onFinal(height => {
    size = Math.max(size, finalSize(service, height));
    for (const stream of streams) stream.wake();
  });
  const beats = setInterval(() => {
    for (const stream of streams) stream.beat();
  }, streamBeatMs);
  beats.unref();
  return {
    get size() {
      return size;
    },
    open: request => {
      const stream = new EventStream(source, request);
      streams.add(stream);
      stream.on('close', () => streams.delete(stream));
      stream.on('error', error => log.error({ error }, 'a stream of events failed'));
      if (closed) stream.finish('closing');
      return stream;
    },
    close: () => {
      closed = true;
      silence();
      clearInterval(beats);
      for (const stream of streams) stream.finish('closing');
    },
  };
}

/** Records up to a block that is final; those of a snapshot before the first block after it. */
function finalSize({ ledger }: NodeService, height: number): number {
  return checkpointAt(ledger, height)?.size ?? ledger.base()?.size ?? 0;
}
