import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Admission } from './admission.ts';

/** What the interface counts about itself. */
export interface HttpMetrics {
  /** A request was answered; `route` by its name in the data, `none` for no route; `seconds` null for a stream. */
  answered(route: string, status: number, seconds: number | null): void;
}

/** The interface's metrics in `registry`; `door` tells how much is under way. */
export function httpMetrics(registry: Registry, door: Pick<Admission, 'taken' | 'streams'>): HttpMetrics {
  const registers = [registry];
  const labelNames = ['route', 'status'] as const;
  const total = new Counter({
    name: 'qifeng_http_requests_total',
    help: 'Answered requests',
    labelNames,
    registers,
  });
  const duration = new Histogram({
    name: 'qifeng_http_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['route'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  new Gauge({
    name: 'qifeng_http_pending_requests',
    help: 'Requests under way',
    registers,
    collect() {
      this.set(door.taken);
    },
  });
  new Gauge({
    name: 'qifeng_http_open_streams',
    help: 'Streams of events that are open',
    registers,
    collect() {
      this.set(door.streams);
    },
  });
  return {
    answered: (route, status, seconds) => {
      total.inc({ route, status: String(status) });
      if (seconds !== null) duration.observe({ route }, seconds);
    },
  };
}
