import { Gauge, type Registry } from 'prom-client';
import type { NodeService } from '../ports/node-service.ts';

/** Where a node stands, read when the metrics are asked for. */
export function nodeMetrics(registry: Registry, service: NodeService): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('qifeng_node_ready_bool', '1 when connected to a quorum and caught up', () =>
    service.standing().ready ? 1 : 0,
  );
  gauge('qifeng_consensus_view_number', 'Present view', () => service.standing().view);
  gauge(
    'qifeng_consensus_asked_view_number',
    'View asked for; above the present one this node votes in none',
    () => service.standing().asked,
  );
  gauge(
    'qifeng_ledger_executed_blocks',
    'Height of the last executed block',
    () => service.standing().height,
  );
  gauge('qifeng_ledger_final_blocks', 'Height of the last final block', () => service.standing().final);
  gauge(
    'qifeng_ledger_certified_blocks',
    'Height of the last checkpoint with a quorum of cosignatures',
    () => service.ledger.lastCertificate()?.height ?? 0,
  );
  gauge('qifeng_ledger_log_records', 'Records in the log', () => service.ledger.head()?.size ?? 0);
  gauge(
    'qifeng_mempool_pending_submissions',
    'Submissions taken in and not executed',
    () => service.standing().pending,
  );
  gauge(
    'qifeng_transport_connected_peers',
    'Members connected now',
    () => service.standing().peers.filter(({ connected }) => connected).length,
  );
}
