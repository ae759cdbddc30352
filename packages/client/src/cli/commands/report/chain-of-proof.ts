import { digestText, type Lang, quorum, subjectText, toHex } from '@qifeng/core';
import { actionText, publisherText } from '../../describe.ts';
import { chinaIso } from '../../time.ts';
import type { Evidence } from './evidence.ts';
import { html, type Markup } from './html.ts';
import { lawWords } from './law-words.ts';
import { code, points, type ReportRow, rowsTable } from './tables.ts';
import { reportWords } from './words.ts';

/** Article 16: the steps from the file to the provinces' signatures, each with its values. */
export function chainOfProof(evidence: Evidence, lang: Lang): Markup {
  const { article16: law, step, proves, provesNot } = lawWords(lang);
  const { kind } = evidence.examined;
  const steps = stepRows(evidence, lang).map(
    ([what, rows], i) => html`<h3>${step(i + 1)} ${law.passed} ${what}</h3>
${rowsTable(rows)}`,
  );
  return html`<section><h2>${law.title}</h2>
<p class="law">${law.says}</p>
<p>${law.steps[kind]}</p>
${steps}
<h3>${proves}</h3>
${points([law.provesOf[kind], law.provesPlace])}
<h3>${provesNot}</h3>
${points(law.provesNot)}</section>`;
}

function stepRows(
  { examined, receipt, names }: Evidence,
  lang: Lang,
): readonly (readonly [what: string, rows: readonly ReportRow[]])[] {
  const { verified, parts } = receipt;
  const { leaf, header, checkpoint, cosigners, validators } = verified;
  const entry = leaf.entry.value;
  const words = reportWords(lang);
  const { article16Steps: steps } = lawWords(lang);
  const { handovers } = parts.extra;
  const hash = (bytes: Uint8Array) => code(toHex(bytes));
  const recorded = entry.digest === null ? null : code(digestText(entry.digest));
  const open = verified.disclosed === null;
  const compared = examined.kind !== 'record';
  const first: readonly [string, readonly ReportRow[]] = [
    examined.kind === 'file'
      ? open
        ? steps.file
        : steps.sealedFile
      : open
        ? steps.digest
        : steps.sealedDigest,
    [
      [words.fileDigest, compared ? code(digestText(examined.digest)) : null],
      [open ? words.recordedDigest : words.sealedDigest, recorded],
    ],
  ];
  return [
    ...(compared ? [first] : []),
    [
      compared ? steps.entry : steps.entryAlone,
      [
        [words.subject, subjectText(entry)],
        [words.action, actionText(entry, names, lang)],
        [words.entryPlace, words.entryOf(leaf.i, header.count, parts.extra.path.length)],
        [words.entriesRoot, hash(header.root)],
      ],
    ],
    [
      steps.signature,
      [
        [words.publisher, publisherText(leaf.publisher, names)],
        [words.publicKey, hash(header.key)],
        [words.signature, hash(parts.extra.signature)],
        [words.submission, hash(leaf.submission)],
      ],
    ],
    [
      steps.leaf,
      [
        [words.height, leaf.height],
        [words.recordedAt, chinaIso(leaf.time)],
        [words.seq, leaf.seq],
        [words.version, leaf.version],
      ],
    ],
    [
      steps.log,
      [
        [words.index, verified.index],
        [words.logSize, checkpoint.size],
        [words.path, words.hashes(parts.path.length)],
        [words.logRoot, hash(checkpoint.root)],
      ],
    ],
    [
      steps.checkpoint,
      [
        [words.origin, checkpoint.origin],
        [words.height, checkpoint.height],
        [words.blockHash, hash(checkpoint.blockHash)],
        [words.stateRoot, hash(checkpoint.stateRoot)],
        [words.epoch, checkpoint.epoch],
        [words.handovers, handovers === null ? null : handovers.length],
      ],
    ],
    [
      steps.cosignatures,
      [[words.cosigners, words.cosigned(cosigners.length, validators, quorum(validators))]],
    ],
  ];
}
