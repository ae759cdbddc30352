import { concat, fromUtf8 } from '@qifeng/core';
import { NodeError } from './node-error.ts';

/** One question to a node. */
export interface Question {
  /** Path and query below the node's address, beginning with a slash. */
  readonly path: string;
  /** Canonical bytes to post; a GET without. */
  readonly cbor?: Uint8Array;
  /** Milliseconds that one node is given. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What a node said, whatever its status. */
export interface RawAnswer {
  readonly node: string;
  readonly status: number;
  readonly bytes: Uint8Array;
  /** `Retry-After` in ms, null without one. */
  readonly retryAfterMs: number | null;
}

/** What a node said in text. */
export interface Answer extends Omit<RawAnswer, 'bytes'> {
  readonly text: string;
}

/** Bytes in one answer at most: 1,024 receipts of a long log fit several times over. */
const MAX_ANSWER_BYTES = 64 << 20;

/** An answer as text; `bad-answer` for one that is not UTF-8. */
export function inText({ bytes, ...answer }: RawAnswer): Answer {
  const text = fromUtf8(bytes);
  if (!text.ok) throw new NodeError('bad-answer', `${answer.node}: the answer is not UTF-8`);
  return { ...answer, text: text.value };
}

/** Codes of a connection that was there and broke off: undici's own, and the system's. */
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/** Connections to one node that are kept at most, as far as the work here needs them; one more is fresh. */
const MOST_KEPT = 3;

/**
 * Asks one node, again where a connection breaks off: a node may end one that was kept just as it is used (RFC 9112
 * section 9.3.1), and every question may be put twice, a submission because of its id. Rejects with `unreachable` or
 * `timeout`, and with the signal's reason where the caller aborted; any status resolves.
 */
export async function fetchNode(node: string, question: Question): Promise<RawAnswer> {
  const { path, cbor, timeoutMs, signal } = question;
  const patience = AbortSignal.timeout(timeoutMs);
  const ask = async (): Promise<RawAnswer> => {
    const response = await fetch(node.replace(/\/+$/, '') + path, {
      method: cbor === undefined ? 'GET' : 'POST',
      headers: cbor === undefined ? {} : { 'content-type': 'application/cbor' },
      ...(cbor && { body: new Uint8Array(cbor) }),
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    });
    const bytes = await bytesOf(response, node);
    return { node, status: response.status, bytes, retryAfterMs: retryAfter(response) };
  };
  for (let broken = 0; ; broken++) {
    try {
      return await ask();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof NodeError) throw error;
      if (patience.aborted) throw new NodeError('timeout', `${node}: no answer within ${timeoutMs / 1000} s`);
      const reason = reasonOf(error);
      if (broken === MOST_KEPT || !BROKEN.has(reason))
        throw new NodeError('unreachable', `${node}: ${reason}`);
    }
  }
}

/** An answer whose text is read as it comes. */
export interface OpenAnswer extends Omit<RawAnswer, 'bytes'> {
  readonly text: AsyncIterable<string>;
}

/** Ms for which a node may send nothing: streams show that they are alive every 10 s. */
const SILENCE_MS = 30_000;

/**
 * Asks one node, and reads what it says for as long as it does. Rejects, also while it is read, with `unreachable` or
 * `timeout`, and with the signal's reason where the caller aborted; any status resolves.
 */
export async function openNode(node: string, path: string, signal: AbortSignal): Promise<OpenAnswer> {
  const silence = new AbortController();
  const any = AbortSignal.any([signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const told = <T>(promise: Promise<T>): Promise<T> =>
    promise.catch((error: unknown) => {
      clearTimeout(timer);
      if (signal.aborted) throw signal.reason;
      if (silence.signal.aborted)
        throw new NodeError('timeout', `${node}: nothing within ${SILENCE_MS / 1000} s`);
      throw new NodeError('unreachable', `${node}: ${reasonOf(error)}`);
    });
  const response = await told(fetch(node.replace(/\/+$/, '') + path, { signal: any }));
  async function* text(): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    const chunks = response.body?.getReader();
    try {
      while (chunks !== undefined) {
        const { done, value } = await told(chunks.read());
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        yield decoder.decode(value, { stream: true });
      }
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }
  return { node, status: response.status, retryAfterMs: retryAfter(response), text: text() };
}

async function bytesOf(response: Response, node: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw new NodeError('bad-answer', `${node}: the answer is too long`);
    parts.push(part);
  }
  return concat(...parts);
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3). */
function retryAfter(response: Response): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

/** `fetch failed` says nothing: its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  return code ?? (cause instanceof Error && cause.message !== '' ? cause.message : String(cause));
}
