import { collectDefaultMetrics, Registry } from 'prom-client';

/** A fresh registry with the metrics of the process itself, as `qifeng_process_…` and `qifeng_nodejs_…`. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'qifeng_' });
  return registry;
}
