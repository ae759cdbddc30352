import { type Chain, toHex } from '@qifeng/core';
import type { Context } from '../../context.ts';
import { actionText, publisherText, stateText, subjectText } from '../../describe.ts';
import { localIso } from '../../time.ts';
import { historyMessages } from './messages.ts';
import type { Provenance } from './provenance.ts';

/** A subject's history for a person: one line a record, with its title and digest below. */
export function printProvenance(
  { named, answer, records }: Provenance,
  chain: Chain | null,
  { out, lang }: Context,
): void {
  const words = historyMessages(lang);
  const { standing, asOf } = answer;
  const good = records.some(({ fault }) => fault !== null) ? false : chain === null ? null : true;
  out.heading(good, subjectText(named), words.records(records.length));
  const state = stateText(named.profile, standing.state, chain, lang);
  out.rows([[words.standing, words.nodesWord(state, localIso(asOf.time))]]);
  for (const { record, proven, fault } of records) {
    const { leaf, index } = record;
    const entry = leaf.entry.value;
    const what = [localIso(leaf.time), actionText(entry, chain, lang), publisherText(leaf.publisher, chain)];
    out.checked(proven, [...what, words.place(index, leaf.height), fault && words.faults[fault]]);
    const title = entry.meta.get('title');
    if (typeof title === 'string') out.note(title, 6);
    if (entry.digest !== null) out.note(`${entry.digest.alg}:${toHex(entry.digest.hash)}`, 6);
  }
  if (good !== false) out.note(chain === null ? words.unproven : words.proven);
}

/** A subject's history for programs; `proven` is null without a genesis. */
export function toJsonProvenance({ named, answer, records }: Provenance) {
  return {
    profile: named.profile,
    issuer: named.subject.issuer,
    id: named.subject.id,
    standing: { ...answer.standing, asOf: answer.asOf, source: 'node' },
    records: records.map(({ record, proven, fault }) => ({
      index: record.index,
      proven,
      fault,
      ...record.leaf,
      entry: record.leaf.entry.value,
    })),
  };
}
