import {
  type Chain,
  type Checkpoint,
  type Fault,
  type InspectedLine,
  type Inspection,
  type Leaf,
  quorum,
  type Receipt,
  type Row,
  type StepFaults,
  shellMessages,
  subjectText,
  toHex,
  type VerifiedReceipt,
} from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import type { Context } from '../../context.ts';
import { actionText, memberName, profileRow, publisherText } from '../../describe.ts';
import { disclosedRows } from '../../disclosed.ts';
import { faultText } from '../../fault-text.ts';
import { openLinks } from '../../linked.ts';
import { fieldText, fieldTitle, issuerRows, linkRows } from '../../record-words.ts';
import { chinaIso } from '../../time.ts';
import { infoMessages } from './messages.ts';

/** The steps of a receipt for a person, each with its mark. */
export function printInfo(
  receipt: Receipt,
  seen: Inspection,
  verified: VerifiedReceipt | null,
  names: Names | null,
  context: Context,
): void {
  const { out, lang } = context;
  const chain = names?.chain ?? null;
  const words = infoMessages(lang);
  const leaf = seen.leaf.ok ? seen.leaf.value : null;
  const checkpoint = seen.checkpoint.ok ? seen.checkpoint.value : null;
  const step = (name: keyof StepFaults, title: string, rows: readonly Row[], unread: Fault | null) => {
    const fault = seen.faults === null ? unread : seen.faults[name];
    const good = seen.faults === null && fault === null ? null : fault === null;
    out.line();
    out.heading(good, title, '');
    out.rows([...rows, [words.fault, fault && `${fault.code}: ${faultText(fault, lang)}`]]);
  };
  const unread = (part: Inspection['leaf' | 'header' | 'checkpoint']) => (part.ok ? null : part.fault);
  step('record', words.record, leaf ? recordRows(leaf, names, lang) : [], unread(seen.leaf));
  const opened = verified === null ? [] : disclosedRows(verified, names, lang);
  step('entry', words.entry, leaf ? [...entryRows(leaf, receipt, names, lang), ...opened] : [], null);
  step('submission', words.submission, headerRows(seen, lang), unread(seen.header));
  const place: Row[] = [
    [words.index, String(receipt.index)],
    [words.pathLength, words.hashes(receipt.path.length)],
  ];
  step('log', words.log, place, null);
  const head = checkpoint ? checkpointRows(checkpoint, receipt, lang) : [];
  step('checkpoint', words.checkpoint, head, unread(seen.checkpoint));
  step('signatures', signaturesTitle(seen, chain, lang), [], null);
  for (const line of seen.lines) printLine(line, chain, context);
  out.line();
  out.note(words.fileToo, 0);
}

function recordRows(leaf: Leaf, names: Names | null, lang: Context['lang']): readonly Row[] {
  const words = infoMessages(lang);
  return [
    [words.recordedAt, chinaIso(leaf.time)],
    [words.height, String(leaf.height)],
    [words.publisher, publisherText(leaf.publisher, names)],
    [words.publisherSeq, String(leaf.seq)],
    [words.subjectVersion, String(leaf.version)],
    [words.submissionId, toHex(leaf.submission)],
    [words.entryNumber, String(leaf.i)],
  ];
}

function entryRows(leaf: Leaf, receipt: Receipt, names: Names | null, lang: Context['lang']): readonly Row[] {
  const words = infoMessages(lang);
  const entry = leaf.entry.value;
  const { digest, prev, meta } = entry;
  return [
    [words.subject, subjectText(entry)],
    [words.action, actionText(entry, names, lang)],
    profileRow(entry.profile, names, lang),
    [words.digest, digest === null ? words.noDigest : `${digest.alg}:${toHex(digest.hash)}`],
    [words.previous, prev === null ? null : String(prev)],
    ...issuerRows({ publisher: leaf.publisher, entry: leaf.entry }, names, lang),
    ...linkRows(openLinks(leaf), new Map(), names, lang),
    ...[...meta].map(([name, value]): Row => {
      const title = fieldTitle(entry, name, names, lang);
      return [words.meta, `${title} = ${fieldText(entry, name, value, names, lang)}`];
    }),
    [words.pathLength, words.hashes(receipt.extra.path.length)],
  ];
}

function headerRows({ header }: Inspection, lang: Context['lang']): readonly Row[] {
  if (!header.ok) return [];
  const words = infoMessages(lang);
  const { genesis, key, issuedAt, expires, count, root } = header.value;
  return [
    [words.genesisHash, toHex(genesis)],
    [words.key, toHex(key)],
    [words.issuedAt, chinaIso(issuedAt)],
    [words.expires, chinaIso(expires)],
    [words.entries, String(count)],
    [words.root, toHex(root)],
  ];
}

function checkpointRows(checkpoint: Checkpoint, receipt: Receipt, lang: Context['lang']): readonly Row[] {
  const words = infoMessages(lang);
  const { handovers } = receipt.extra;
  return [
    [words.origin, checkpoint.origin],
    [words.size, String(checkpoint.size)],
    [words.logRoot, toHex(checkpoint.root)],
    [words.height, String(checkpoint.height)],
    [words.block, toHex(checkpoint.blockHash)],
    [words.stateRoot, toHex(checkpoint.stateRoot)],
    [words.epoch, String(checkpoint.epoch)],
    [words.handovers, handovers === null ? null : String(handovers.length)],
  ];
}

function signaturesTitle(
  { lines, validators }: Inspection,
  chain: Chain | null,
  lang: Context['lang'],
): string {
  const words = infoMessages(lang);
  if (chain === null || validators.length === 0) return words.signatures(lines.length);
  const cosigned = lines.filter(line => line.kind === 'cosignature' && line.verified === true).length;
  const of = validators.length;
  return words.signaturesOf(cosigned, of, quorum(of));
}

function printLine(line: InspectedLine, chain: Chain | null, { out, lang }: Context): void {
  const words = infoMessages(lang);
  const last = line.name.slice(line.name.lastIndexOf('/') + 1);
  const claimed = line.kind === 'log' ? words.logLine : last;
  const who =
    chain === null
      ? claimed
      : line.member === null
        ? `${claimed} (${words.nobody})`
        : line.kind === 'log'
          ? `${words.logLine}${shellMessages(lang).listSeparator}${memberName(line.member, chain, lang)}`
          : memberName(line.member, chain, lang);
  const id = words.keyId(line.keyId.toString(16).padStart(8, '0'));
  out.checked(line.verified, [who, id, line.time === null ? null : chinaIso(line.time)]);
}
