import type { Chain, VerifiedReceipt } from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import { profileJson } from '../../describe.ts';
import { disclosedJson } from '../../disclosed.ts';
import { inboundJson } from '../../inbound-words.ts';
import { datingRecord, roleJson, standingJson } from '../../verdicts.ts';
import type { FileReport } from './report.ts';

/** What is taken for granted where a genesis alone vouches for a receipt. */
const ASSUMPTIONS = ['no-quorum-of-validator-keys-stolen'];

/**
 * One file's report for programs. Every key is always there, null where it does not apply; bytes become hex, times
 * are in ms. `code` is `verified`, or the fault's or error's code.
 */
export function toJsonReport(report: FileReport, names: Names) {
  const { chain } = names;
  const verified = report.kind === 'verified' ? report.verified : null;
  const standing = report.kind === 'verified' ? report.standing : null;
  const word = typeof standing === 'object' ? standing : null;
  return {
    file: report.file,
    receipt: report.receipt,
    verified: verified !== null,
    ...outcome(report),
    chain: { name: chain.genesis.name, origin: chain.origin, genesis: chain.hash },
    index: verified?.index ?? null,
    recordedAt: verified?.recordedAt ?? null,
    existedNoLaterThan: verified?.existedNoLaterThan ?? null,
    record: verified === null ? null : recordOf(verified, names),
    disclosed: verified === null ? null : disclosedJson(verified, names),
    checkpoint: verified?.checkpoint ?? null,
    cosigners: verified === null ? null : cosignersOf(verified, chain),
    assumptions: verified === null ? null : ASSUMPTIONS,
    standing: word && {
      ...standingJson(word.status, names, verified && datingRecord(verified, word.status, names)),
      ...(verified !== null && roleJson(verified, word.status, names)),
      linkedBy: inboundJson(report.kind === 'verified' ? report.inbound : null),
      node: word.node,
      source: word.node === null ? 'file' : 'node',
    },
    standingReason: typeof standing === 'string' ? standing : null,
  };
}

function outcome(report: FileReport): { code: string; detail: string | null } {
  if (report.kind === 'verified') return { code: 'verified', detail: null };
  if (report.kind === 'refuted') return { code: report.fault.code, detail: report.fault.detail };
  const { what, next } = report.error.complaint;
  return { code: report.error.code, detail: `${what} ${next}` };
}

function recordOf({ leaf, header }: VerifiedReceipt, names: Names) {
  const { profile, action, subject, digest, prev, links, meta, origin } = leaf.entry.value;
  return {
    height: leaf.height,
    publisher: { id: leaf.publisher, name: names.publisher(leaf.publisher), key: header.key },
    seq: leaf.seq,
    profile,
    definition: profileJson(profile, names),
    action,
    subject,
    version: leaf.version,
    digest,
    prev,
    links,
    meta,
    origin,
    submission: leaf.submission,
  };
}

function cosignersOf({ cosigners }: VerifiedReceipt, { genesis }: Chain) {
  return cosigners.map(({ code, time }) => {
    const member = genesis.members.find(({ code: known }) => known === code);
    return { code, nameZh: member?.nameZh ?? null, nameEn: member?.nameEn ?? null, time: time * 1000 };
  });
}
