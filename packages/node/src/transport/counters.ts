import type { LaneCounters, TransportCounters } from '../ports/transport-counters.ts';

/** Counters at zero. */
export function newCounters(): TransportCounters {
  const lane = (): LaneCounters => ({
    framesIn: 0,
    bytesIn: 0,
    framesOut: 0,
    bytesOut: 0,
    framesDropped: 0,
    bytesDropped: 0,
    sends: 0,
  });
  return {
    lanes: { votes: lane(), bulk: lane() },
    connected: 0,
    lost: 0,
    refused: 0,
    misbehaved: 0,
    slowed: 0,
    queuedBytes: 0,
  };
}
