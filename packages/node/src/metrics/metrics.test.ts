import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpMetrics } from '../http/metrics.ts';
import { type SoloNode, soloNode } from '../http/testing/solo-node.ts';
import { newCounters } from '../transport/counters.ts';
import { nodeMetrics } from './node-metrics.ts';
import { createRegistry } from './registry.ts';
import { transportMetrics } from './transport-metrics.ts';

const NAME =
  /^qifeng_(?:process|nodejs|http|node|consensus|ledger|mempool|transport)_[a-z0-9]+(?:_[a-z0-9]+)+$/;

let node: SoloNode;
beforeAll(async () => {
  node = await soloNode();
});
afterAll(() => node.close());

describe('the metrics', () => {
  it('have names of one form and tell where the node stands', async () => {
    const registry = createRegistry();
    nodeMetrics(registry, node.service);
    const counters = newCounters();
    Object.assign(counters, { misbehaved: 3, queuedBytes: 99 });
    counters.lanes.bulk.bytesOut = 12;
    const refused = new Map([['110000', 2]]);
    transportMetrics(registry, counters, () => refused);
    httpMetrics(registry, { taken: 7, streams: 2 }).answered('record', 200, 0.002);
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    expect(names.filter(name => !NAME.test(name))).toEqual([]);
    await node.seal();
    const text = await registry.metrics();
    expect(text).toContain('\nqifeng_ledger_certified_blocks 1\n');
    expect(text).toContain('\nqifeng_node_ready_bool 1\n');
    expect(text).toContain('\nqifeng_http_pending_requests 7\n');
    expect(text).toContain('\nqifeng_http_open_streams 2\n');
    expect(text).toContain('\nqifeng_http_requests_total{route="record",status="200"} 1\n');
    // A total that is asked for twice is no larger.
    refused.set('110000', 4);
    const again = await registry.metrics();
    expect(again).toContain('\nqifeng_transport_refused_frames_total{member="110000"} 4\n');
    expect(again).toContain('\nqifeng_transport_connections_total{event="misbehaved"} 3\n');
    expect(again).toContain('\nqifeng_transport_bytes_total{lane="bulk",way="out"} 12\n');
    expect(again).toContain('\nqifeng_transport_queued_bytes 99\n');
    expect(again).toContain('\nqifeng_transport_slowed_total 0\n');
    registry.clear();
  });

  it.each(['up', 'qifeng_height', 'qifeng_cellar_bottles_count', 'qifeng_http_Requests_total'])(
    'could not be named %s',
    name => expect(NAME.test(name)).toBe(false),
  );
});
