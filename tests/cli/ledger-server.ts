import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Asked,
  blockView,
  bodyPlaceParam,
  documentView,
  executedPageView,
  fromHex,
  type JsonCodec,
  problemView,
  queuedView,
  recordedView,
  recordPageView,
  searchPageView,
  subjectStandingView,
  submissionStatusView,
  toHex,
  writeJson,
} from '@qifeng/core';
import type { ExecutedPage } from '../../packages/client/src/audit/node-reader.ts';
import { policyOf, unwrap } from '../fixtures/builder.ts';
import { ExecutedLedger } from './executed-ledger.ts';
import type { Ledger } from './ledger.ts';
import { tileAt } from './tiles.ts';

/**
 * What a node does with one `POST`: takes it in order; takes it and says nothing, or that it is not final; is busy; breaks the
 * connection before or after it took it; takes it and says only that it did.
 */
export type Mood = 'take' | 'mute' | 'not-final' | 'busy' | 'drop' | 'take-and-drop' | 'queue' | 'broken';

/** A node's HTTP interface over a ledger, with moods for the next `POST`s. It speaks by core's own views. */
export class LedgerServer {
  ledger: Ledger;
  readonly moods: Mood[] = [];
  /** Bodies of the `POST`s so far, in hex. */
  readonly posts: string[] = [];
  /** Paths of what was asked, with their queries. */
  readonly gets: string[] = [];
  /** The height that is shown as the last one; the ledger's own unless set. */
  shown: number | null = null;
  /** The block of the snapshot that the node began with: it has none up to there. */
  began = 0;
  /** Changes what is served at a path of the log, such as one byte of a tile; null keeps it back. */
  tamper: (path: string, bytes: Uint8Array) => Uint8Array | null = (_, bytes) => bytes;
  /** Changes a page of what blocks made of their submissions. */
  listing: (page: ExecutedPage) => ExecutedPage = page => page;
  /** What a status proof is given about when something is asked about; null gives none. */
  proofs: ((asked: Asked) => Asked) | null = asked => asked;
  /** Records on a page of a list. */
  page = 256;
  readonly #server: Server;

  private constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(error => {
        response.writeHead(500).end(String(error));
      });
    });
  }

  static async start(ledger: Ledger): Promise<LedgerServer> {
    const server = new LedgerServer(ledger);
    await new Promise<void>(done => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise(done => this.#server.close(() => done()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const parts = pathname.split('/').slice(1).map(decodeURIComponent);
    if (request.method === 'POST') return this.#post(request, response);
    this.gets.push(request.url ?? '');
    const [v1, kind, a = '', b = '', c = '', d] = parts;
    const from = Number(searchParams.get('from'));
    if (pathname === '/policy') return response.end(policyOf(this.ledger.chain));
    if (v1 !== 'v1') return this.#log(pathname, response);
    if (kind === 'search') return this.#search(new URL(request.url ?? '', this.url).searchParams, response);
    if (kind === 'blocks') return this.#block(Number(a), response);
    if (kind === 'executed') return this.#executed(searchParams.get('from'), response);
    if (kind === 'submissions') return this.#submission(a, response);
    const asked = askedIn(parts.slice(1));
    if (asked !== null) return this.#statusProof(asked, response);
    if (kind === 'publishers' && b === 'records') return this.#publisher(a, from, response);
    if (kind === 'records' && b === 'receipt') return this.#receipt(Number(a), response);
    if (kind === 'documents') return this.#document(a, from, response);
    if (kind === 'subjects') return this.#subject([a, b, c], d === 'history' ? from : null, response);
    return problem(response, 404, 'no-route');
  }

  async #post(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const body = Buffer.concat(await request.toArray());
    const mood = this.moods.shift() ?? 'take';
    this.posts.push(body.toString('hex'));
    if (mood === 'busy') return problem(response, 429, 'overloaded', { retryAfter: 0 });
    if (mood === 'broken') return problem(response, 500, 'internal');
    if (mood === 'drop') return request.socket.destroy();
    const { id, outcome } = this.ledger.take(body);
    if (mood === 'mute') return undefined;
    if (mood === 'take-and-drop') return request.socket.destroy();
    if (mood === 'not-final') return problem(response, 503, 'not-final', { retryAfter: 1, id });
    const bytes = unwrap(fromHex(id));
    if (mood === 'queue') return send(response, 202, queuedView, { id: bytes });
    if ('code' in outcome) {
      const { code, detail, entry } = outcome;
      return problem(response, code === 'wrong-prev' ? 409 : 422, code, { entry, detail });
    }
    const indexes = Array.from({ length: outcome.count }, (_, i) => outcome.first + i);
    const receipts = indexes.map(index => ({ index, proof: this.ledger.receipt(index) }));
    return send(response, 200, recordedView, { id: bytes, height: outcome.height, receipts });
  }

  /** Records of a profile with the last word of the question in their subject's id, newest first. */
  #search(query: URLSearchParams, response: ServerResponse): ServerResponse {
    const word = query.get('q')?.split(' ').at(-1) ?? '';
    const found = this.ledger.where(({ entry: { value } }) => {
      return value.profile === query.get('profile') && value.subject.id.includes(word);
    });
    const nothing = { title: null, number: null, date: '2026-01-01', standing: null, verdict: null };
    return send(response, 200, searchPageView, {
      results: found.reverse().map(index => ({ index, leaf: this.ledger.leaves[index]!.leaf, ...nothing })),
      next: null,
      at: '2026-01-01',
      covers: { from: 0, to: this.ledger.leaves.length },
      asOf: asOf(),
    });
  }

  #submission(id: string, response: ServerResponse): ServerResponse {
    const outcome = this.ledger.outcomes.get(id);
    if (outcome === undefined) return problem(response, 404, 'no-submission');
    const refused = 'code' in outcome;
    return send(response, 200, submissionStatusView, {
      id: unwrap(fromHex(id)),
      status: refused ? 'refused' : 'recorded',
      height: refused ? 1 : outcome.height,
      first: refused ? null : outcome.first,
      count: refused ? 0 : outcome.count,
      refusal: refused ? outcome : null,
    });
  }

  #statusProof(asked: Asked, response: ServerResponse): ServerResponse {
    if (this.proofs === null) return problem(response, 421, 'not-held');
    const bytes = this.ledger.statusProof(this.proofs(asked), this.shown ?? this.ledger.height);
    return response.writeHead(200, { 'content-type': 'application/cbor' }).end(bytes);
  }

  #publisher(id: string, from: number, response: ServerResponse): ServerResponse {
    return this.#records(
      this.ledger.where(({ publisher }) => publisher === id),
      from,
      response,
    );
  }

  #records(indexes: readonly number[], from: number, response: ServerResponse): ServerResponse {
    const { shown, next } = this.#paged(indexes, from);
    const records = shown.map(index => ({ index, leaf: this.ledger.leaves[index]!.leaf }));
    return send(response, 200, recordPageView, { records, next });
  }

  #paged(indexes: readonly number[], from: number) {
    const left = indexes.filter(index => index >= from);
    return { shown: left.slice(0, this.page), next: left[this.page] ?? null };
  }

  #receipt(index: number, response: ServerResponse): ServerResponse {
    if (this.ledger.leaves[index] === undefined) return problem(response, 404, 'no-record');
    return response.writeHead(200, { 'content-type': 'text/plain' }).end(this.ledger.receipt(index));
  }

  /** Checkpoint, tiles and entry bundles (C2SP). */
  #log(path: string, response: ServerResponse): ServerResponse {
    const { content, note } = this.ledger.checkpoint(this.shown ?? this.ledger.height);
    const leaves = this.ledger.leaves.slice(0, content.size).map(({ bytes }) => bytes);
    const honest = path === '/checkpoint' ? note : tileAt(path, leaves);
    const told = honest && this.tamper(path, honest);
    return told === null ? problem(response, 404, 'no-tile') : response.end(told);
  }

  #block(height: number, response: ServerResponse): ServerResponse {
    if (height <= this.began) return problem(response, 404, 'not-held');
    const header = this.ledger.headers[height - 1];
    if (header === undefined) return problem(response, 404, 'no-block');
    const { content: checkpoint } = this.ledger.checkpoint(height);
    const first = height === 1 ? 0 : this.ledger.checkpoint(height - 1).content.size;
    const [hash, count] = [checkpoint.blockHash, checkpoint.size - first];
    return send(response, 200, blockView, { hash, header, checkpoint, certified: true, first, count });
  }

  /** Three submissions a page, where the ledger is one of real execution. */
  #executed(from: string | null, response: ServerResponse): ServerResponse {
    const { ledger } = this;
    const place = bodyPlaceParam.parse(from ?? '');
    if (!(ledger instanceof ExecutedLedger) || place === null) return problem(response, 404, 'no-route');
    const listed = ledger.executed(place.height);
    const next = listed.length > 3 ? `${listed[3]!.height}.0` : null;
    return send(response, 200, executedPageView, this.listing({ submissions: listed.slice(0, 3), next }));
  }

  #document(name: string, from: number, response: ServerResponse): ServerResponse {
    const indexes = this.ledger.where(({ entry: { value } }) => {
      return value.digest !== null && `${value.digest.alg}:${toHex(value.digest.hash)}` === name;
    });
    if (indexes.length === 0) return problem(response, 404, 'no-document');
    const { shown, next } = this.#paged(indexes, from);
    const records = shown.map(index => {
      const { leaf } = this.ledger.leaves[index]!;
      const { profile, subject } = leaf.entry.value;
      return { index, leaf, standing: this.ledger.standing(profile, subject.issuer, subject.id) };
    });
    const digest = records[0]!.leaf.entry.value.digest!;
    return send(response, 200, documentView, {
      digest,
      count: indexes.length,
      records,
      next,
      asOf: asOf(),
    });
  }

  #subject(
    [profile, issuer, id]: [string, string, string],
    from: number | null,
    response: ServerResponse,
  ): ServerResponse {
    const standing = this.ledger.standing(profile, issuer, id);
    if (standing === null) return problem(response, 404, 'no-subject');
    const at = (index: number) => ({ index, leaf: this.ledger.leaves[index]!.leaf });
    if (from === null)
      return send(response, 200, subjectStandingView, { standing, record: at(standing.head), asOf: asOf() });
    const all = this.ledger.where(({ entry: { value } }) => value.subject.id === id);
    return this.#records(all, from, response);
  }
}

/** What a path below `/v1` asks a status proof about, or null. */
function askedIn([kind, a = '', b = '', c = '', d]: readonly string[]): Asked | null {
  if (kind === 'subjects' && d === 'status-proof')
    return { kind: 'subject', profile: a, subject: { issuer: b, id: c } };
  if (b !== 'status-proof') return null;
  if (kind === 'publishers') return { kind: 'publisher', id: a };
  const [alg, hash = ''] = a.split(':');
  return { kind: 'digest', alg: alg as 'sha256', hash: unwrap(fromHex(hash)) };
}

function asOf() {
  return { height: 1, time: Date.now() };
}

function send<T>(response: ServerResponse, status: number, view: JsonCodec<T>, value: T): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/json' }).end(writeJson(view, value));
}

function problem(
  response: ServerResponse,
  status: number,
  code: string,
  extras: { retryAfter?: number; id?: string; entry?: number | null; detail?: string } = {},
): ServerResponse {
  const { retryAfter = null, id = null, entry = null, detail = code } = extras;
  const text = writeJson(problemView, {
    type: `urn:qifeng:problem:${code}`,
    title: code,
    status,
    code,
    detail,
    entry,
    retryAfter,
    id,
  });
  return response
    .writeHead(status, {
      'content-type': 'application/problem+json',
      ...(retryAfter !== null && { 'retry-after': String(retryAfter) }),
    })
    .end(text);
}
