import { Counter, Gauge, type Registry } from 'prom-client';
import type { TransportCounters } from '../ports/transport-counters.ts';

/**
 * What went over the network, and what of it was refused, read when the metrics are asked for; `refused` counts the frames of
 * each member that nobody honest sends.
 */
export function transportMetrics(
  registry: Registry,
  counters: TransportCounters,
  refused: () => ReadonlyMap<string, number>,
): void {
  type Value = readonly [labels: Readonly<Record<string, string>>, value: number];
  const counter = (name: string, help: string, labelNames: string[], values: () => readonly Value[]) =>
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      // They are counted where they happen: here a total is only copied.
      collect() {
        this.reset();
        for (const [labels, value] of values()) this.inc(labels, value);
      },
    });
  const lanes = (of: (lane: TransportCounters['lanes']['votes']) => Readonly<Record<string, number>>) => () =>
    Object.entries(counters.lanes).flatMap(([lane, totals]) =>
      Object.entries(of(totals)).map(([way, value]): Value => [{ lane, way }, value]),
    );
  counter(
    'qifeng_transport_frames_total',
    'Frames from and to members; dropped: not sent for want of room or of a connection',
    ['lane', 'way'],
    lanes(({ framesIn, framesOut, framesDropped }) => ({
      in: framesIn,
      out: framesOut,
      dropped: framesDropped,
    })),
  );
  counter(
    'qifeng_transport_bytes_total',
    'Bytes of these frames',
    ['lane', 'way'],
    lanes(({ bytesIn, bytesOut, bytesDropped }) => ({ in: bytesIn, out: bytesOut, dropped: bytesDropped })),
  );
  counter(
    'qifeng_transport_connections_total',
    'Connections that became usable, closed, were refused to strangers, or were closed for what the member sent',
    ['event'],
    () =>
      (['connected', 'lost', 'refused', 'misbehaved'] as const).map(event => [{ event }, counters[event]]),
  );
  counter(
    'qifeng_transport_slowed_total',
    'Times that a member sent more than it may and was read more slowly',
    [],
    () => [[{}, counters.slowed]],
  );
  counter(
    'qifeng_transport_refused_frames_total',
    'Frames of a member that nobody honest sends: none of ours, or signed by others than they say',
    ['member'],
    () => [...refused()].map(([member, value]) => [{ member }, value]),
  );
  new Gauge({
    name: 'qifeng_transport_queued_bytes',
    help: 'Bytes that wait to be sent, to all members',
    registers: [registry],
    collect() {
      this.set(counters.queuedBytes);
    },
  });
}
