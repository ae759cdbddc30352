import { setTimeout as pause } from 'node:timers/promises';
import {
  type BodyPlace,
  blockView,
  type Chain,
  decode,
  entriesPath,
  executedPageView,
  fromUtf8,
  type Handover,
  ROUTES,
  requestPath,
  statusProofCodec,
  type TileId,
  tilePath,
} from '@qifeng/core';
import { problemIn, type Viewed, valueIn } from '../sdk/answers.ts';
import { NodeError } from '../sdk/node-error.ts';
import { fetchNode, inText, type RawAnswer } from '../sdk/transport.ts';
import { AuditFault, served } from './fault.ts';

/** Ms that one answer may take, and that a busy node is asked again. */
const TIMEOUT_MS = 20_000;
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/** Submissions asked for at a time: as many as a page may have. */
const PAGE = 256;

/** What a node tells of some submissions. */
export type ExecutedPage = Viewed<typeof executedPageView>;

/** A block as a node tells of it. */
export type BlockView = Viewed<typeof blockView>;

/**
 * What an audit reads from one node, and from no other. Failures are `NodeError`s; what must be there and is not, or is of
 * another form, is an `AuditFault`.
 */
export class NodeReader {
  readonly url: string;
  readonly #signal: AbortSignal;

  constructor(url: string, signal: AbortSignal) {
    this.url = url;
    this.#signal = signal;
  }

  /** The last signed checkpoint. */
  async checkpoint(): Promise<Uint8Array> {
    return (await this.#get('/checkpoint')).bytes;
  }

  /** The handovers up to a node's present epoch; they come with any status proof, here that of a subject nobody has. */
  async handovers({ genesis }: Chain): Promise<readonly Handover[]> {
    const issuer = genesis.publishers[0]?.id;
    if (issuer === undefined)
      throw new AuditFault('wrong-epoch', 'a chain without publishers stays in its epoch');
    const subject = { profile: 'governance', issuer, id: 'handovers' };
    const { bytes } = await this.#get(requestPath(ROUTES.statusProof, subject));
    return served(decode(statusProofCodec, bytes)).handovers ?? [];
  }

  async policy(epoch: number): Promise<string> {
    return served(fromUtf8((await this.#get(requestPath(ROUTES.policy, {}, { epoch }))).bytes));
  }

  async entries(index: number, width: number): Promise<Uint8Array> {
    return (await this.#get(`/${entriesPath(index, width)}`)).bytes;
  }

  async tile(tile: TileId): Promise<Uint8Array> {
    return (await this.#get(`/${tilePath(tile)}`)).bytes;
  }

  async block(height: number): Promise<BlockView> {
    return valueIn(blockView, inText(await this.#get(requestPath(ROUTES.block, { height }))));
  }

  /** What blocks made of their submissions, from a place on. */
  async executed(from: BodyPlace): Promise<ExecutedPage> {
    const path = requestPath(ROUTES.executed, {}, { from, limit: PAGE });
    return valueIn(executedPageView, inText(await this.#get(path)));
  }

  async #get(path: string): Promise<RawAnswer> {
    const end = Date.now() + PATIENCE_MS;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, MAX_PAUSE_MS)) {
      const answer = await fetchNode(this.url, { path, timeoutMs: TIMEOUT_MS, signal: this.#signal });
      const { status, retryAfterMs } = answer;
      if (status === 200) return answer;
      const problem = problemIn(inText(answer));
      const detail = `${this.url}${path}: HTTP ${status}${problem === null ? '' : `, ${problem.detail}`}`;
      // A node that began with a snapshot lacks what was before it, and says so.
      if (problem?.code === 'not-held') throw new NodeError('not-found', detail, { reason: 'not-held' });
      if (problem?.code === 'no-checkpoint') throw new NodeError('not-final', detail);
      if (status === 404 && problem !== null) throw new AuditFault('not-served', detail);
      if (status !== 429 && status !== 503) throw new NodeError('bad-answer', detail);
      if (Date.now() + wait > end) throw new NodeError('busy', detail);
      await pause(Math.min(retryAfterMs ?? wait, MAX_PAUSE_MS), undefined, { signal: this.#signal });
    }
  }
}
