import {
  type Digest,
  type Fault,
  fromUtf8,
  type HeldRecord,
  inspectReceipt,
  judgeShown,
  parseReceipt,
  type Result,
  type Routes,
  readJson,
  STEPS,
  toHex,
  toUtf8,
  verifyReceipt,
  verifyRequestView,
} from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import type { Handlers, RequestBody } from '../call.ts';
import { carriersOf } from '../carriers.ts';
import { HttpProblem } from '../problem.ts';
import { asOf, leafAt, receiptOf, standingOf, withLogLine } from '../state.ts';
import { profileNow, roleNow, subjectVerdict } from '../subject-verdict.ts';

/** Verifies for whoever can run nothing, and trusts this node: by its genesis, as `qifeng verify` does by the pinned one. */
export function verifyHandlers(service: NodeService): Handlers<Pick<Routes, 'verify'>> {
  return {
    verify: ({ body, query: { issuer }, later }) => {
      const { digests, receipt } = requestIn(body);
      if (receipt === null && digests.length === 0)
        throw HttpProblem.of('bad-request', 'there is neither a digest nor a receipt to verify');
      const reply = (digest: Digest | null, publishers: readonly string[] | null, judged: Uint8Array) =>
        ({ status: 200, value: { ...judge(service, digest, judged), publishers } }) as const;
      // A receipt says itself which record is meant.
      if (receipt !== null) return reply(digests[0] ?? null, null, toUtf8(receipt));
      const first = firstRecord(service, digests, issuer);
      const { height } = leafAt(service.ledger, first.index)!;
      const answer = () => reply(first.digest, first.publishers, receiptOf(service, first.index));
      return withLogLine(service, height, answer, later);
    },
  };
}

/** A file is its digests by the time it is here; in JSON there is one at most. */
function requestIn(body: RequestBody | null): {
  readonly digests: readonly Digest[];
  readonly receipt: string | null;
} {
  if (body === null) throw HttpProblem.of('bad-request', 'what to verify is a request body');
  if ('digests' in body) return { digests: body.digests, receipt: null };
  const text = fromUtf8(body.bytes);
  const request = text.ok ? readJson(verifyRequestView, text.value) : text;
  if (!request.ok) throw HttpProblem.of('bad-request', request.fault.detail);
  const { digest, receipt } = request.value;
  return { digests: digest === null ? [] : [digest], receipt };
}

/** The first record of a file, whichever algorithm it was recorded by. */
function firstRecord(service: NodeService, digests: readonly Digest[], issuer: string | undefined) {
  const size = service.ledger.head()?.size ?? 0;
  const [first] = digests
    .flatMap(digest => {
      const { index, publishers } = carriersOf(service, digest, issuer ?? null, size);
      return index === null ? [] : [{ digest, index, publishers }];
    })
    .toSorted((a, b) => a.index - b.index);
  if (first !== undefined) return first;
  const by = issuer === undefined ? '' : ` by ${issuer}`;
  const sought = digests.map(({ alg, hash }) => `${alg}:${toHex(hash)}`).join(' or ');
  throw HttpProblem.of('no-document', `no public record${by} carries ${sought}`);
}

function judge(service: NodeService, digest: Digest | null, receipt: Uint8Array) {
  const { chain, suite } = service;
  const result = verifyReceipt(receipt, { chain, suite, digests: digest === null ? null : [digest] });
  const fault = faultOf(result);
  const verified = result.ok ? result.value : null;
  const entry = verified?.leaf.entry.value ?? null;
  const subject = entry && { profile: entry.profile, ...entry.subject };
  const standing = subject && standingOf(service, subject);
  const text = fromUtf8(receipt);
  return {
    verified: verified !== null,
    code: fault?.code ?? 'verified',
    detail: fault?.detail ?? null,
    digest,
    steps: stepsOf(service, receipt),
    index: verified?.index ?? null,
    recordedAt: verified?.recordedAt ?? null,
    existedNoLaterThan: verified?.existedNoLaterThan ?? null,
    record: verified?.leaf ?? null,
    cosigners: verified?.cosigners.map(({ code, time }) => ({ code, time: time * 1000 })) ?? [],
    standing,
    ...(verified === null
      ? { verdict: null, undisclosed: [] }
      : shownVerdict(service, verified, standing?.head ?? null)),
    text: verified && roleNow(service, verified.index, verified.leaf),
    asOf: asOf(service),
    receipt: text.ok ? text.value : '',
  };
}

/** Where the subject of a record stands, by the dates too that its receipt shows; `head` is the index of its last record. */
function shownVerdict(service: NodeService, record: HeldRecord, head: number | null) {
  const { profile, subject } = record.leaf.entry.value;
  const now = Date.now();
  const standing = subjectVerdict(service, { profile, ...subject }, now);
  const { verdict, undisclosed } = judgeShown(standing, record, profileNow(service, profile), head, now);
  return { verdict: undisclosed.length > 0 ? ('dates-not-shown' as const) : verdict.word, undisclosed };
}

/** Each step judged by itself; none of what is no receipt at all. */
function stepsOf({ chain, suite }: NodeService, receipt: Uint8Array) {
  const parsed = parseReceipt(receipt);
  const faults = parsed.ok ? inspectReceipt(parsed.value, { chain, suite }).faults : null;
  if (faults === null) return [];
  return STEPS.map(step => {
    const fault = faults[step];
    return { step, holds: fault === null, code: fault?.code ?? null, detail: fault?.detail ?? null };
  });
}

function faultOf(result: Result<unknown>): Fault | null {
  return result.ok ? null : result.fault;
}
