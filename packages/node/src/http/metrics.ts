import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the interface counts about itself. */
export interface HttpMetrics {
  /** A request was answered; `route` by its name in the data, `none` for no route. */
  answered(route: string, status: number, seconds: number): void;
}

/** The interface's metrics in `registry`; `inFlight` tells how many requests are under way. */
export function httpMetrics(registry: Registry, inFlight: () => number): HttpMetrics {
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
      this.set(inFlight());
    },
  });
  return {
    answered: (route, status, seconds) => {
      total.inc({ route, status: String(status) });
      duration.observe({ route }, seconds);
    },
  };
}
