import {
  type Asked,
  isSealedId,
  issuersOf,
  ok,
  type ProvenRecord,
  type ReceiptVerifier,
  type Result,
  refuse,
  SUCCEEDING,
  type Subject,
  type SubjectGraphView,
  shownValidity,
  signersOf,
  subjectText,
  termAt,
  toUtf8,
} from '@qifeng/core';
import type { NodeClient } from '../sdk/client.ts';
import { NodeError } from '../sdk/node-error.ts';
import { inTurn } from '../sdk/turns.ts';

/** A verified record of another subject that says it took this one's place, changed it or ended it. */
export interface InboundLink {
  readonly rel: string;
  /** The subject that says so. */
  readonly profile: string;
  readonly subject: Subject;
  /** Log index of the record, and who published it. */
  readonly index: number;
  readonly publisher: string;
  readonly title: string | null;
  /** The first day on which what it says is in force, `YYYY-MM-DD`; null where it names none. */
  readonly effective: string | null;
  /** Issuers of this subject, or named by the record itself, that did not sign it; where there are any, it is a claim of others. */
  readonly unsigned: readonly string[];
}

/** What is linked to a subject in that way, those that all its issuers signed first. */
export interface Inbound {
  readonly links: readonly InboundLink[];
  /** Whether the node says that there are no more. */
  readonly complete: boolean;
}

/** Relations by which what is linked to is over, if all who issued it say so. */
const ENDING = SUCCEEDING.filter(rel => rel !== 'amends');

/**
 * That no record which all issuers of a subject signed says that it is over, at a time in ms: it is how a joint document is replaced, of
 * whose own records none says so. Faults: `not-in-force`.
 */
export function verifyUnsucceeded(inbound: Inbound | null, at: number): Result<void> {
  const end = inbound?.links.find(
    ({ rel, unsigned, effective }) =>
      ENDING.includes(rel) &&
      unsigned.length === 0 &&
      termAt({ validFrom: effective, validTo: null }, at) !== 'not-yet',
  );
  return end === undefined
    ? ok(undefined)
    : refuse(
        'not-in-force',
        `record ${end.index} of ${subjectText(end)}, signed by all who issued it, ${end.rel} it`,
      );
}

/** All records of a subject, each verified, and its issuers that have yet to sign. */
export interface ProvenHistory {
  readonly records: readonly ProvenRecord[];
  readonly awaiting: readonly string[];
}

/** Whom other records are asked of, and by what they are judged. */
export interface InboundSources {
  readonly client: NodeClient;
  readonly verifies: ReceiptVerifier;
  /** The whole history of the subject that is asked about; null where it cannot be had. Asked for only where there are links. */
  history(): Promise<ProvenHistory | null>;
}

/** Anybody may link to anything: so many records are looked at, those of the subject's own issuers first. */
const MAX_LOOKED_AT = 64;
const MAX_NODES = 256;
const AT_ONCE = 8;

/** The node did not tell. */
const UNTOLD: Inbound = { links: [], complete: false };

type Edge = SubjectGraphView['edges'][number];

/**
 * What other records say of a subject, each by its verified receipt. That there are no others is the node's word; what it does not
 * tell makes the answer incomplete. Null where nothing can be said: for a sealed subject, which no link in the open leads to, and one
 * that the node does not know.
 */
export async function inboundLinks(
  { profile, subject }: Asked<'subject'>,
  { client, verifies, history }: InboundSources,
): Promise<Inbound | null> {
  if (isSealedId(subject.id)) return null;
  try {
    const graph = await client.graph(profile, subject, { depth: 1, limit: MAX_NODES });
    if (graph === null) return null;
    const edges = graph.edges.filter(
      ({ rel, from, to }) => to === 0 && from !== 0 && SUCCEEDING.includes(rel),
    );
    if (edges.length === 0) return { links: [], complete: graph.complete };
    // Who its issuers are, all its records say: a node that keeps some back would make claims of others theirs.
    const known = await history();
    if (known === null) return UNTOLD;
    const { records, awaiting } = known;
    const issuers = issuersOf(records, awaiting);
    const isOwn = ({ from }: Edge) => issuers.has(graph.nodes[from]?.standing.issuer ?? '');
    const looked = [...edges.filter(isOwn), ...edges.filter(edge => !isOwn(edge))].slice(0, MAX_LOOKED_AT);
    const links = await inTurn(looked, AT_ONCE, edge => linkOf(edge, records, issuers, verifies, client));
    const proven = links.filter(link => link !== null);
    return {
      links: proven.toSorted((a, b) => a.unsigned.length - b.unsigned.length || a.index - b.index),
      complete: graph.complete && looked.length === edges.length && proven.length === links.length,
    };
  } catch (error) {
    if (error instanceof NodeError) return UNTOLD;
    throw error;
  }
}

/** What an edge of the node's graph is by the receipts; null where they do not say it, or are not given. */
async function linkOf(...of: Parameters<typeof readLink>): Promise<InboundLink | null> {
  return readLink(...of).catch((error: unknown) => {
    if (error instanceof NodeError) return null;
    throw error;
  });
}

async function readLink(
  { rel, record: index, target }: Edge,
  records: readonly ProvenRecord[],
  issuers: ReadonlySet<string>,
  verifies: ReceiptVerifier,
  client: NodeClient,
): Promise<InboundLink | null> {
  const record = await provenRecord(index, verifies, client);
  const linked = records.find(one => one.index === target)?.leaf.entry.value.subject;
  if (record === null || linked === undefined) return null;
  const { profile, subject, links, meta } = record.leaf.entry.value;
  const isLinked = links.some(
    link =>
      link.rel === rel &&
      link.index === target &&
      link.subject.issuer === linked.issuer &&
      link.subject.id === linked.id,
  );
  if (!isLinked) return null;
  // What waits for a signature of its own is not issued yet, and may be withdrawn.
  const named = meta.get('issuers');
  const wanted = new Set([...issuers, ...(Array.isArray(named) ? named : [])]);
  const missing = (others: readonly ProvenRecord[]) => {
    const signers = signersOf(record, others);
    return [...wanted].filter(issuer => !signers.has(issuer)).sort();
  };
  const alone = missing([]);
  const title = meta.get('title');
  return {
    rel,
    profile,
    subject,
    index,
    publisher: record.leaf.publisher,
    title: typeof title === 'string' ? title : null,
    effective: shownValidity({ meta }, 0)?.validFrom ?? null,
    unsigned: alone.length === 0 ? alone : missing(await following(record, verifies, client)),
  };
}

/** The verified records of a subject that come after one: its signatures are among the first. */
async function following(
  { index, leaf }: ProvenRecord,
  verifies: ReceiptVerifier,
  client: NodeClient,
): Promise<readonly ProvenRecord[]> {
  const { profile, subject } = leaf.entry.value;
  const { records } = await client.history(profile, subject);
  const later = records.filter(record => record.index > index).slice(0, MAX_LOOKED_AT);
  const proven = await inTurn(later, AT_ONCE, record => provenRecord(record.index, verifies, client));
  return proven.filter(record => record !== null);
}

async function provenRecord(
  index: number,
  verifies: ReceiptVerifier,
  client: NodeClient,
): Promise<ProvenRecord | null> {
  const verified = verifies(toUtf8(await client.receipt(index)), null);
  return verified.ok && verified.value.index === index ? verified.value : null;
}
