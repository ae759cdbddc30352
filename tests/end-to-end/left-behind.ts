import { randomBytes } from 'node:crypto';
import type { ChaosNetwork } from '../chaos/network/chaos-network.ts';
import { until } from './network.ts';
import type { Publisher } from './publisher.ts';

/** The seat that is off while the others go on, and the one that gives false answers to whoever catches up. */
export const [AWAY, LIAR] = [3, 1];

/** What the liar does. */
export const LIES = { seat: LIAR, behaviours: ['false-answers'], seed: 7 };

/** Publishes single records by two honest nodes until so many blocks were made; `entries` under each signature. */
export async function makeBlocks(
  network: ChaosNetwork,
  publisher: Publisher,
  blocks: number,
  entries = 1,
): Promise<void> {
  const start = (await network.standing(0))!.height;
  const reached = async (): Promise<boolean> => ((await network.standing(0))?.height ?? 0) >= start + blocks;
  const client = async (node: number): Promise<void> => {
    while (!(await reached())) {
      const documents = Array.from({ length: entries }, () => new Uint8Array(randomBytes(32)));
      await publisher.post(node, publisher.signAll(documents.map(document => publisher.entry(document))));
    }
  };
  await Promise.all([client(0), client(2), client(0)]);
}

/** Waits until a seat has all that another one has as final. */
export async function caughtUp(network: ChaosNetwork, seat: number, as: number): Promise<void> {
  await until(async () => {
    const [own, other] = [await network.standing(seat), await network.standing(as)];
    return own?.ready === true && other !== null && own.final >= other.final;
  }, `seat ${seat} has caught up`);
}
