import { digestValueCodec, publisherValueCodec, type Routes, stateName, toHex } from '@qifeng/core';
import type { RecordList } from '../../ports/ledger-store.ts';
import type { NodeService } from '../../ports/node-service.ts';
import type { Handlers } from '../call.ts';
import { HttpProblem } from '../problem.ts';
import {
  asOf,
  leafAt,
  listedRecord,
  receiptOf,
  requireHeld,
  requireListed,
  requireStanding,
  standingOf,
  stateValue,
  withLogLine,
} from '../state.ts';
import { statusProof } from '../status-proof.ts';

const PAGE = 64;

/** What a page is asked for. */
interface PageQuery {
  readonly from?: number | undefined;
  readonly limit?: number | undefined;
}

/** Answers about records, files, subjects and what a publisher recorded. */
export function recordHandlers(
  service: NodeService,
): Handlers<
  Pick<
    Routes,
    | 'record'
    | 'receipt'
    | 'document'
    | 'subject'
    | 'history'
    | 'statusProof'
    | 'documentStatusProof'
    | 'publisherStatusProof'
    | 'publisherRecords'
  >
> {
  const { ledger } = service;
  return {
    record: ({ params: { index } }) => {
      requireHeld(service, index);
      const leaf = leafAt(ledger, index);
      if (leaf === null) throw noRecord(index);
      return { status: 200, value: { index, leaf } };
    },
    receipt: ({ params: { index }, later }) => {
      requireHeld(service, index);
      const leaf = leafAt(ledger, index);
      if (leaf === null) throw noRecord(index);
      const reply = () => ({ status: 200, value: receiptOf(service, index) }) as const;
      return withLogLine(service, leaf.height, reply, later);
    },
    document: ({ params: { digest }, query }) => {
      const known = stateValue(service, digestValueCodec, 'digest', digest.alg, digest.hash);
      if (known === null)
        throw HttpProblem.of('no-document', `no public record carries ${digest.alg}:${toHex(digest.hash)}`);
      const name = stateName('digest', digest.alg, digest.hash);
      requireListed(service, 'digest', name, known.count, query.from ?? 0);
      const { records, next } = pageOf(service, 'digest', name, query);
      const standing = records.map(({ index, leaf }) => {
        const { profile, subject } = leaf.entry.value;
        return { index, leaf, standing: standingOf(service, { profile, ...subject }) };
      });
      return {
        status: 200,
        value: { digest, count: known.count, records: standing, next, asOf: asOf(service) },
      };
    },
    subject: ({ params }) => {
      const standing = requireStanding(service, params);
      requireHeld(service, standing.head);
      const record = listedRecord(ledger, standing.head);
      return { status: 200, value: { standing, record, asOf: asOf(service) } };
    },
    history: ({ params, query }) => {
      const { profile, issuer, id } = params;
      const standing = requireStanding(service, params);
      const name = stateName('subject', profile, issuer, id);
      requireListed(service, 'subject', name, standing.version, query.from ?? 0);
      return { status: 200, value: pageOf(service, 'subject', name, query) };
    },
    statusProof: async ({ params: { profile, ...subject }, later }) => ({
      status: 200,
      value: await statusProof(service, { kind: 'subject', profile, subject }, later),
    }),
    documentStatusProof: async ({ params: { digest }, later }) => ({
      status: 200,
      value: await statusProof(service, { kind: 'digest', ...digest }, later),
    }),
    publisherStatusProof: async ({ params: { id }, later }) => ({
      status: 200,
      value: await statusProof(service, { kind: 'publisher', id }, later),
    }),
    publisherRecords: ({ params: { id }, query }) => {
      const publisher = stateValue(service, publisherValueCodec, 'publisher', id);
      if (publisher === null) throw HttpProblem.of('no-publisher', `no publisher ${id} is enrolled`);
      const name = stateName('publisher', id);
      requireListed(service, 'publisher', name, publisher.seq, query.from ?? 0);
      return { status: 200, value: pageOf(service, 'publisher', name, query) };
    },
  };
}

/** One page of a list. It is stable: records are only added, and always after all there are. */
function pageOf(
  { ledger }: NodeService,
  list: RecordList,
  name: Uint8Array,
  { from = 0, limit = PAGE }: PageQuery,
) {
  const indexes = ledger.list(list, name, from, limit + 1);
  return {
    records: indexes.slice(0, limit).map(index => listedRecord(ledger, index)),
    next: indexes[limit] ?? null,
  };
}

function noRecord(index: number): HttpProblem {
  return HttpProblem.of('no-record', `the log does not reach index ${index}`);
}
