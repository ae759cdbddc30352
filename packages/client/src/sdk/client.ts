import {
  type Asked,
  type Digest,
  documentView,
  MAX_PAGE,
  membersView,
  networkView,
  publisherPageView,
  publisherView,
  type QueryValues,
  type RecordView,
  ROUTES,
  requestPath,
  type SearchPageView,
  type Subject,
  type SubjectGraphView,
  searchPageView,
  subjectGraphView,
  toHex,
} from '@qifeng/core';
import {
  type DocumentAnswer,
  type DocumentRecord,
  type Listed,
  type Page,
  problemIn,
  recordedIn,
  recordsIn,
  refusalOf,
  type SubjectAnswer,
  type SubmissionAnswer,
  subjectIn,
  submissionIn,
  type Viewed,
  valueIn,
} from './answers.ts';
import { NodeError } from './node-error.ts';
import { sleep } from './sleep.ts';
import { type Answer, fetchNode, inText, type RawAnswer } from './transport.ts';

/** How the nodes are asked. */
export interface NodeClientOptions {
  /** Addresses in order of preference; at least one. */
  readonly nodes: readonly string[];
  /** Milliseconds that one node is given for one answer; 20 s by default, above the 10 s a node waits for finality. */
  readonly timeoutMs?: number;
  /** Records read of a list of which nothing says how long it is; 100,000 by default. */
  readonly mostRecords?: number;
  readonly signal?: AbortSignal;
}

/** How far a list is read. */
export interface ListBound {
  /** A proven log size: all records below it are read, however many. Without it a list is cut after `mostRecords`. */
  readonly until?: number;
  /** Is told how many records are read. */
  readonly onRead?: (count: number) => void;
}

/** What became of a `POST`: an outcome, or taken in and not final. */
export type SubmitAnswer = Exclude<SubmissionAnswer, { readonly type: 'unknown' }>;

/** What a search can be asked for; `cursor` is the `next` of the page before. */
export type SearchQuery = QueryValues<typeof ROUTES.search>;

/** Statuses of a refusal by the ledger; others of 4xx say that this is no such node, or that it is busy. */
const REFUSALS = new Set([400, 401, 402, 403, 409, 410, 412, 413, 422, 451]);
/** How often, in ms, and how long a status proof is asked for: there is none while the last block is not signed yet. */
const PROOF_PAUSE_MS = 200;
const PROOF_PATIENCE_MS = 10_000;
/** So that a node cannot keep a reader for ever. */
const MOST_RECORDS = 100_000;

/**
 * The nodes' HTTP interface. Each question goes to the node that answered last, and on to the next on a network error,
 * a timeout, 408, 429, 5xx or an answer that makes no sense; each node is asked once. Failures are `NodeError`s. What it returns
 * is the nodes' word: receipts prove, answers do not.
 */
export class NodeClient {
  readonly #nodes: readonly string[];
  readonly #timeoutMs: number;
  readonly #mostRecords: number;
  readonly #signal: AbortSignal | undefined;
  #preferred = 0;
  #hasAnswered = false;

  constructor({ nodes, timeoutMs = 20_000, mostRecords = MOST_RECORDS, signal }: NodeClientOptions) {
    this.#nodes = nodes;
    this.#timeoutMs = timeoutMs;
    this.#mostRecords = mostRecords;
    this.#signal = signal;
  }

  /** The node that answered last. */
  get node(): string {
    return this.#nodes[this.#preferred] ?? '';
  }

  /** Whether any node ever said anything, be it that it is busy: then there is one at its address. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Sends a signed submission and waits, as long as a node does, until it is final. `not-final` while it is queued. */
  async submit(bytes: Uint8Array): Promise<SubmitAnswer> {
    const answer = await this.#ask('/v1/submissions?wait=final', bytes);
    if (answer.status === 202) return { type: 'pending' };
    return answer.status >= 400 ? refusalOf(problemIn(answer)!) : recordedIn(answer);
  }

  /** What became of a submission, by its id. */
  async submission(id: Uint8Array): Promise<SubmissionAnswer> {
    const answer = await this.#ask(`/v1/submissions/${toHex(id)}`);
    if (answer.status === 404) return { type: 'unknown' };
    return submissionIn(this.#accept(answer));
  }

  /** The receipt of a record, unverified. */
  async receipt(index: number): Promise<string> {
    return (await this.#found(`/v1/records/${index}/receipt`)).text;
  }

  /** The records of a file, as the node lists them; null for a digest that was never recorded. */
  async documents({ alg, hash }: Digest, bound: ListBound = {}): Promise<DocumentAnswer | null> {
    let asOf: DocumentAnswer['asOf'] | null = null;
    const read = (answer: Answer) => {
      const page = valueIn(documentView, answer);
      asOf ??= page.asOf;
      return page;
    };
    const list = await this.#list<DocumentRecord>(`/v1/documents/${alg}:${toHex(hash)}`, read, bound);
    return asOf === null ? null : { ...list, asOf };
  }

  /** Where a subject stands; null for one without a record. */
  async subject(profile: string, subject: Subject): Promise<SubjectAnswer | null> {
    const answer = await this.#ask(subjectPath(profile, subject));
    return answer.status === 404 ? null : subjectIn(this.#accept(answer));
  }

  /** The records of a subject, ascending, as the node lists them. */
  history(profile: string, subject: Subject, bound: ListBound = {}): Promise<Listed<RecordView>> {
    return this.#list(`${subjectPath(profile, subject)}/history`, recordsIn, bound);
  }

  /** The records of a publisher, ascending, as the node lists them. */
  publisherRecords(id: string, bound: ListBound = {}): Promise<Listed<RecordView>> {
    return this.#list(requestPath(ROUTES.publisherRecords, { id }), recordsIn, bound);
  }

  /** A publisher as the node has it; null for one that is not enrolled. */
  async publisher(id: string): Promise<Viewed<typeof publisherView> | null> {
    const answer = await this.#ask(requestPath(ROUTES.publisher, { id }));
    return answer.status === 404 ? null : valueIn(publisherView, this.#accept(answer));
  }

  /** The publishers in order of their codes, as the node lists them, from the one after `after` on; with `name` those called so. */
  async *publishers(after?: string, name?: string): AsyncGenerator<Viewed<typeof publisherView>> {
    for (let last = after; ; ) {
      const query = {
        limit: MAX_PAGE,
        ...(name !== undefined && { name }),
        ...(last !== undefined && { after: last }),
      };
      const page = valueIn(publisherPageView, await this.#found(requestPath(ROUTES.publishers, {}, query)));
      yield* page.publishers;
      if (page.next === null || page.next <= (last ?? '')) return;
      last = page.next;
    }
  }

  /** One page of what a search finds, newest first, as the node has it; `cursor` is how to go on. */
  async search(query: SearchQuery): Promise<SearchPageView> {
    return valueIn(searchPageView, await this.#found(requestPath(ROUTES.search, {}, query)));
  }

  /** A subject with those around it by the links of their records, as the node has them; null for one without a record. */
  async graph(
    profile: string,
    subject: Subject,
    bounds: QueryValues<typeof ROUTES.graph> = {},
  ): Promise<SubjectGraphView | null> {
    const answer = await this.#ask(requestPath(ROUTES.graph, { profile, ...subject }, bounds));
    return answer.status === 404 ? null : valueIn(subjectGraphView, this.#accept(answer));
  }

  /** The members, and the keys of the present set, as the node has them. */
  async members(): Promise<Viewed<typeof membersView>> {
    return valueIn(membersView, await this.#found(requestPath(ROUTES.members, {})));
  }

  /** The status proof about a subject, a digest or a publisher, at the node's last checkpoint; unverified. */
  async statusProof(asked: Asked): Promise<Uint8Array> {
    const path = statusProofPath(asked);
    for (const end = Date.now() + PROOF_PATIENCE_MS; ; ) {
      try {
        const answer = await this.#first(path, raw => raw);
        if (answer.status === 404) throw new NodeError('not-found', `${answer.node}${path}: not found`);
        if (answer.status >= 400) this.#accept(inText(answer));
        return answer.bytes;
      } catch (error) {
        if (!(error instanceof NodeError) || error.code !== 'not-final' || Date.now() > end) throw error;
      }
      await sleep(PROOF_PAUSE_MS, this.#signal);
    }
  }

  /** The consortium of an epoch as a C2SP policy file, in this node's words. */
  async policy(epoch: number): Promise<string> {
    return (await this.#found(requestPath(ROUTES.policy, {}, { epoch }))).text;
  }

  /** Where the node stands in its network. */
  async network(): Promise<Viewed<typeof networkView>> {
    return valueIn(networkView, await this.#found('/v1/network'));
  }

  /** Each page begins at a higher log index than the one before, so that a log size bounds the list too. */
  async #list<T>(
    path: string,
    read: (answer: Answer) => Page<T>,
    { until, onRead }: ListBound,
  ): Promise<Listed<T>> {
    const all: T[] = [];
    for (let from = 0; until === undefined || from < until; ) {
      if (until === undefined && all.length >= this.#mostRecords) return { records: all, isCut: true };
      const answer = await this.#ask(`${path}?from=${from}&limit=${MAX_PAGE}`);
      if (answer.status === 404) break;
      const { records, next } = read(this.#accept(answer));
      all.push(...records);
      onRead?.(all.length);
      if (next === null || next <= from) break;
      from = next;
    }
    return { records: all, isCut: false };
  }

  async #found(path: string): Promise<Answer> {
    const answer = await this.#ask(path);
    if (answer.status === 404) throw new NodeError('not-found', `${answer.node}${path}: not found`);
    return this.#accept(answer);
  }

  #accept(answer: Answer): Answer {
    if (answer.status < 400) return answer;
    const { code, detail, entry } = refusalOf(problemIn(answer)!);
    throw new NodeError('refused', `${answer.node}: ${detail}`, { reason: code, entry });
  }

  #ask(path: string, cbor?: Uint8Array): Promise<Answer> {
    return this.#first(path, inText, cbor);
  }

  /** The first answer that makes sense: 2xx, 404 to a GET, or a refusal with its code. */
  async #first<T>(path: string, read: (answer: RawAnswer) => T, cbor?: Uint8Array): Promise<T> {
    let worst: NodeError | null = null;
    for (let i = 0; i < this.#nodes.length; i++) {
      const at = (this.#preferred + i) % this.#nodes.length;
      const question = { path, timeoutMs: this.#timeoutMs, signal: this.#signal, ...(cbor && { cbor }) };
      try {
        const answer = await fetchNode(this.#nodes[at]!, question);
        this.#hasAnswered = true;
        const fault = answer.status < 300 ? null : faultOf(inText(answer), cbor !== undefined);
        if (fault === null) {
          const value = read(answer);
          this.#preferred = at;
          return value;
        }
        // It is queued there: another node would only queue it once more.
        if (fault.code === 'not-final') this.#preferred = at;
        throw fault;
      } catch (error) {
        if (!(error instanceof NodeError) || error.code === 'not-final') throw error;
        worst = graver(worst, error);
      }
    }
    throw worst ?? new NodeError('unreachable', 'no node is known');
  }
}

/** The path of a subject below `/v1`. */
function subjectPath(profile: string, { issuer, id }: Subject): string {
  return `/v1/subjects/${[profile, issuer, id].map(encodeURIComponent).join('/')}`;
}

/** The path of the status proof about something. */
function statusProofPath(asked: Asked): string {
  if (asked.kind === 'subject') return `${subjectPath(asked.profile, asked.subject)}/status-proof`;
  if (asked.kind === 'publisher') return requestPath(ROUTES.publisherStatusProof, { id: asked.id });
  return requestPath(ROUTES.documentStatusProof, { digest: asked });
}

/** Why an answer is no answer to a question: null for 2xx, for 404 to a GET, and for a refusal that says why. */
export function faultOf(answer: Answer, isPost: boolean): NodeError | null {
  const { status, node, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return null;
  if (status === 404 && !isPost) return null;
  const problem = problemIn(answer);
  if (REFUSALS.has(status) && problem !== null) return null;
  const reason = problem?.code ?? null;
  const detail = `${node}: HTTP ${status}${problem === null ? '' : `, ${problem.detail}`}`;
  const parts = { reason, retryAfterMs };
  if (status === 503 && reason === 'not-final') return new NodeError('not-final', detail, parts);
  // 408: the request came too slowly, or the node was too slow to read it.
  if (status === 408 || status === 429 || status === 503) return new NodeError('busy', detail, parts);
  return new NodeError(status >= 500 ? 'unreachable' : 'bad-answer', detail, parts);
}

/** Of two nodes' failures the one to tell: that one is alive and busy says more than that another is away. */
function graver(a: NodeError | null, b: NodeError): NodeError {
  if (a === null) return b;
  const rank = ({ code }: NodeError) => ['busy', 'bad-answer', 'timeout'].indexOf(code) + 1 || 9;
  return rank(b) < rank(a) ? b : a;
}
