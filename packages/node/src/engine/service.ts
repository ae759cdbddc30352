import { bytesOfHex, type Chain, type Suite, toHex } from '@qifeng/core';
import { faultsOf, proposerOf, quorumOf } from '../consensus/config.ts';
import type { State } from '../consensus/state.ts';
import { topAccepted } from '../consensus/state.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { LedgerReader, Outcome } from '../ports/ledger-store.ts';
import type { NodeService, PeerStanding, Standing, SubmitResult } from '../ports/node-service.ts';
import { executedFrom } from './executed.ts';
import type { Notary } from './receipts.ts';

/** Ms since the last executed block was made within which a node that is behind is not far behind. */
const FRESH_MS = 3_000;

/** What the service answers from. */
export interface ServiceParts {
  readonly chain: Chain;
  readonly suite: Suite;
  readonly code: string;
  readonly ledger: LedgerReader;
  readonly mempool: Mempool;
  readonly notary: Notary;
  evidence(epoch: number): ReadonlyMap<string, Uint8Array>;
  state(): State | null;
  connected(): readonly string[];
  /** Whether a member said where it stands since the start. */
  hasHeard(code: string): boolean;
}

/** The node as the HTTP side sees it, and the place that tells waiting clients. */
export interface LocalService extends NodeService {
  /** To be called after each executed block and each stored certificate. */
  settle(): void;
}

/** Builds the service of one node. */
export function createService(parts: ServiceParts): LocalService {
  const { chain, suite, code, ledger, mempool, notary } = parts;
  const waiting = new Map<string, Set<(outcome: Outcome) => void>>();
  const listeners = new Set<(height: number) => void>();
  let told = finalHeight(ledger);

  /** The outcome of a submission whose block is executed here and final. */
  const finalOutcome = (id: Uint8Array): Outcome | null => {
    const outcome = ledger.outcome(id);
    return outcome !== null && outcome.height <= finalHeight(ledger) ? outcome : null;
  };

  const wait = (id: Uint8Array, ms: number): Promise<Outcome | null> =>
    new Promise(resolve => {
      const name = toHex(id);
      const waiters = waiting.get(name) ?? new Set();
      const end = (outcome: Outcome | null): void => {
        clearTimeout(timer);
        waiters.delete(end);
        if (waiters.size === 0) waiting.delete(name);
        resolve(outcome);
      };
      const timer = setTimeout(() => end(null), ms);
      waiters.add(end);
      waiting.set(name, waiters);
    });

  return {
    chain,
    suite,
    code,
    ledger,
    standing: () => standingOf(parts),
    evidence: epoch => parts.evidence(epoch),
    full: () => mempool.full(),
    isPending: id => mempool.has(toHex(id)),
    prepare: height => notary.prepare(height),
    signedCheckpoint: height => notary.signedCheckpoint(height),
    executed: (from, limit) => executedFrom(ledger, suite.hasher, from, limit),
    handovers: epoch => notary.handovers(epoch),
    receipt: (index, from) => notary.receipt(index, from),
    onFinal: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    submit: async (bytes, ms): Promise<SubmitResult> => {
      const taken = await mempool.take(bytes);
      if ('code' in taken) return { type: 'refused', refusal: taken };
      const { id } = taken;
      const known = finalOutcome(id);
      if (known !== null) return { type: 'final', id, outcome: known };
      if (ms === null) return { type: 'queued', id };
      const outcome = await wait(id, ms);
      if (outcome !== null) return { type: 'final', id, outcome };
      const reason = whyNotFinal(parts);
      const detail = `not final after ${ms} ms; it stays queued, send the same bytes again${reason === null ? '' : `: ${reason}`}`;
      return { type: 'not-final', id, refusal: { code: 'not-final', detail, entry: null, retryAfter: 5 } };
    },
    settle: () => {
      const final = finalHeight(ledger);
      if (final <= told) return;
      for (let height = told + 1; height <= final; height++) tellWaiters(height);
      told = final;
      for (const listener of listeners) listener(final);
    },
  };

  function tellWaiters(height: number): void {
    if (waiting.size === 0) return;
    for (const [name, waiters] of [...waiting]) {
      const outcome = ledger.outcome(bytesOfHex(name));
      if (outcome !== null && outcome.height <= height) for (const end of [...waiters]) end(outcome);
    }
  }
}

/** Height up to which everything is final and executed here. */
export function finalHeight(ledger: LedgerReader): number {
  const head = ledger.head()?.header.height ?? 0;
  const certificate = ledger.lastCertificate();
  if (certificate === null) return 0;
  return Math.min(head, certificate.height);
}

function standingOf({
  chain,
  code,
  ledger,
  mempool,
  state: stateNow,
  connected,
  hasHeard,
}: ServiceParts): Standing {
  const state = stateNow();
  const { height, timestamp } = ledger.head()?.header ?? { height: 0, timestamp: 0 };
  const up = new Set(connected());
  const validators = state?.config.validators ?? chain.validators.map(one => one.code);
  const peers: PeerStanding[] = validators.flatMap((peer, i): PeerStanding[] => {
    if (peer === code) return [];
    const status = state?.peers.get(i);
    return [
      {
        code: peer,
        connected: up.has(peer),
        view: status?.view ?? null,
        height: status?.committed ?? null,
        final: status?.final ?? null,
      },
    ];
  });
  const heard = validators.filter(peer => up.has(peer) && hasHeard(peer));
  const reason = whyNotReady(state, { height, timestamp }, heard.length);
  const top = state === null ? height : topAccepted(state).height;
  return {
    code,
    epoch: state?.config.epoch ?? 0,
    votes: state?.config.votes ?? false,
    view: state?.view ?? 0,
    asked: state?.asked ?? 0,
    leader:
      state === null ? '' : validators[proposerOf(state.config, state.view, top + 1, state.tip.height)]!,
    height,
    final: finalHeight(ledger),
    pending: mempool.size,
    ready: reason === null,
    reason,
    peers,
  };
}

/**
 * A replica that follows by STATUS, or executes under load, is always a few blocks behind: it has caught up if its last
 * block was made just now.
 */
function whyNotReady(
  state: State | null,
  { height, timestamp }: { readonly height: number; readonly timestamp: number },
  connected: number,
): string | null {
  if (state === null) return 'the node is starting';
  const own = state.config.votes ? 1 : 0;
  const need = quorumOf(state.config) - own;
  if (connected < need)
    return `connected to ${connected}${own === 1 ? ' other' : ''} validators, a quorum needs ${need}`;
  const target = Math.max(state.target.height, claimedHeight(state));
  if (target > height && timestamp < state.wall - FRESH_MS)
    return `catching up: block ${height} of ${target}`;
  return null;
}

/** The final height that f+1 others have reached as they say, an honest one among them; 0 while fewer said anything. */
function claimedHeight({ peers, config }: State): number {
  const claims = [...peers.values()].map(({ final }) => final).sort((a, b) => b - a);
  return claims[faultsOf(config)] ?? 0;
}

/** What a client that waited in vain is told of the node's state, or null. */
function whyNotFinal(parts: ServiceParts): string | null {
  const { reason } = standingOf(parts);
  const state = parts.state();
  if (reason !== null || state === null || state.asked <= state.view) return reason;
  return `the validators change from view ${state.view} to ${state.asked}`;
}
