import {
  encode,
  encodeBundle,
  genesisCodec,
  invariant,
  parseTilePath,
  policyOfValidators,
  type Routes,
  TILE_WIDTH,
  type TileResource,
  tileWidth,
} from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import type { Handlers } from '../call.ts';
import { HttpProblem } from '../problem.ts';
import { certifiedHeight, checkpointAt, currentEpoch, epochOf, requireHeld, withLogLine } from '../state.ts';

/** Answers in the formats of C2SP: checkpoint, tiles, policy; and the genesis file. */
export function logHandlers(
  service: NodeService,
): Handlers<Pick<Routes, 'genesis' | 'checkpoint' | 'tile' | 'entries' | 'policy'>> {
  const { ledger, chain, suite } = service;
  const genesis = encode(genesisCodec, chain.genesis);

  /** What a tile path names, if the last certified log has it that wide. */
  const resource = (path: string): TileResource => {
    const found = parseTilePath(path);
    if (!found.ok) throw HttpProblem.of('bad-parameter', found.fault.detail);
    const { index, width } = found.value;
    const level = found.value.kind === 'entries' ? 0 : found.value.level;
    const height = certifiedHeight(ledger);
    const size = height === null ? 0 : checkpointAt(ledger, height)!.size;
    if (width > tileWidth(level, index, size))
      throw HttpProblem.of('no-tile', `the certified log of ${size} records has no such tile`);
    return found.value;
  };

  return {
    genesis: () => ({ status: 200, value: genesis }),
    checkpoint: ({ later }) => {
      const height = certifiedHeight(ledger);
      const checkpointNow = () => {
        const note = height === null ? null : service.signedCheckpoint(height);
        if (note === null)
          throw HttpProblem.of('no-checkpoint', 'no checkpoint with a quorum’s signatures yet', {
            retryAfter: 1,
          });
        return { status: 200, value: note } as const;
      };
      return height === null ? checkpointNow() : withLogLine(service, height, checkpointNow, later);
    },
    tile: ({ params: { level, index } }) => {
      const found = resource(`tile/${level}/${index}`);
      invariant(found.kind === 'hashes', 'a level is a number');
      // The tiles at the edge of a snapshot, and whatever came later, are here.
      requireHeld(service, (found.index + 1) * TILE_WIDTH ** (found.level + 1) - 1);
      return { status: 200, value: ledger.tiles.hashes(found.level, found.index, found.width) };
    },
    entries: ({ params: { index } }) => {
      const found = resource(`tile/entries/${index}`);
      requireHeld(service, found.index * TILE_WIDTH);
      const entries = Array.from({ length: found.width }, (_, i) => {
        const leaf = ledger.leaf(found.index * TILE_WIDTH + i);
        invariant(leaf !== null, 'the log has every record below its certified size');
        return leaf;
      });
      return { status: 200, value: encodeBundle(entries) };
    },
    policy: ({ query }) => {
      const number = query.epoch ?? currentEpoch(service);
      const epoch = epochOf(service, number);
      if (epoch === null) throw HttpProblem.of('no-epoch', `there is no epoch ${number} yet`);
      return { status: 200, value: policyOfValidators(chain.origin, epoch.validators, suite.hasher) };
    },
  };
}
