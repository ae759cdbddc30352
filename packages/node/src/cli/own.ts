import { type Chain, isObserverCode, MAX_BODIES_BYTES } from '@qifeng/core';
import { ConfigError } from '../config/config.ts';
import type { NodeHome } from '../config/node-home.ts';
import { DEFAULT_TIMING } from '../consensus/config.ts';
import type { Own } from '../engine/epochs.ts';

/** Blocks in flight above which only a full one follows: one round at a time finalises most (measured). */
const DEPTH = 1;
/** Batches in one block at most. */
const MAX_BATCHES = 64;
/** Weight that a leader fills a block with: some hundred records, which hold nobody up for as long as he waits for a leader. */
const FILL = 512 * 1024;

/** Whom the node of a home speaks for, and how it takes part.
 * @throws {ConfigError} where its member is none of the chain's. */
export function ownOf(chain: Chain, home: NodeHome): Own {
  const { window, term, heartbeatMs, precisionMs, delayMs } = chain.genesis.parameters;
  if (!isObserverCode(home.member) && !chain.genesis.members.some(({ code }) => code === home.member))
    throw new ConfigError(`${home.member} is no member of this chain`);
  return {
    code: home.member,
    validatorKey: home.keys.validator.publicKey,
    settings: {
      window,
      term,
      depth: DEPTH,
      maxBatches: MAX_BATCHES,
      maxBytes: MAX_BODIES_BYTES,
      fill: FILL,
      timing: {
        ...DEFAULT_TIMING,
        baseTimeout: home.config.consensus.timeout,
        heartbeat: heartbeatMs,
        precision: precisionMs,
        delay: delayMs,
      },
    },
  };
}
