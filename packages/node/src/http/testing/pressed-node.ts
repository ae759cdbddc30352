import { nativeSuite } from '@qifeng/core/native';
import type { MempoolLimits } from '../../mempool/limits.ts';
import { Mempool } from '../../mempool/mempool.ts';
import type { NodeService } from '../../ports/node-service.ts';
import type { HttpLimits } from '../limits.ts';
import { type Served, serveSolo } from './served.ts';

/** A node behind its real server whose submissions go through a real mempool. Nothing is executed until `execute`. */
export interface PressedNode extends Served {
  readonly mempool: Mempool;
  /** Executes what waits, in one block. */
  execute(): Promise<void>;
}

/** Starts one. */
export async function pressedNode(
  limits: MempoolLimits,
  http: Partial<HttpLimits> = {},
): Promise<PressedNode> {
  const { hasher, verifier } = nativeSuite;
  const node = await serveSolo(http);
  const service = node.service as { -readonly [K in keyof NodeService]: NodeService[K] };
  const digests: string[] = [];
  const wires: Uint8Array[] = [];
  const mempool = new Mempool({
    hasher,
    limits,
    pool: {
      verify: async jobs => jobs.map(job => verifier.verify(...job)),
      areKeys: async keys => keys.map(key => verifier.isKey(key)),
      close: async () => {},
    },
    now: Date.now,
    isExecuted: id => service.ledger.outcome(id) !== null,
    wouldRefuse: () => null,
    publish: async batch => void digests.push(batch.digest),
    push: () => {},
    expired: async () => [],
  });
  service.full = () => mempool.full();
  service.submit = async bytes => {
    const wire = bytes.slice();
    const taken = await mempool.take(wire);
    if (!('code' in taken)) wires.push(wire);
    return 'code' in taken ? { type: 'refused', refusal: taken } : { type: 'queued', id: taken.id };
  };
  return {
    ...node,
    mempool,
    execute: async () => {
      await node.seal(...wires.splice(0));
      mempool.executed(digests.splice(0));
    },
  };
}
