import { type Accusation, EXIT, type ExitCode } from '@qifeng/core';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { readCarrier } from '../../members/carrier.ts';
import { recordEvidence } from '../../members/evidence.ts';
import { setAt, USUAL_NODE } from '../../members/nodes.ts';
import { membersMessages } from './messages.ts';

/** Arguments of `members accuse` as they were typed. */
export interface AccuseFlags {
  readonly genesis: string;
  readonly key: string;
  readonly publisher?: string;
  readonly node?: string;
  readonly epoch?: string;
}

/** Records the evidence that a node holds against members of an epoch, and shows what is on record then. */
export async function accuse(flags: AccuseFlags, { lang, json, out, streams }: Context): Promise<ExitCode> {
  const chain = openChain(flags.genesis);
  const url = flags.node ?? USUAL_NODE;
  const carrier = readCarrier(flags.key, flags.publisher, streams.env['QIFENG_PASSPHRASE']);
  const { epoch: present, members } = await setAt(url);
  const epoch = flags.epoch === undefined ? present : Number(flags.epoch);
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > present)
    throw fault('no-epoch', flags.epoch ?? '', present);
  const found = await recordEvidence(url, chain, carrier, epoch);
  if (json) {
    out.json({ epoch, accused: found.map(({ code, record, fresh }) => ({ code, record, fresh })) });
    return EXIT.done;
  }
  const words = membersMessages(lang);
  if (found.length === 0) out.line(words.nobodyAccused(epoch));
  for (const { code, record, fresh, accusation } of found) {
    const member = members.find(one => one.code === code);
    const name = lang === 'zh' ? member?.nameZh : member?.nameEn;
    out.heading(
      false,
      `${code} ${name ?? ''}`,
      fresh ? words.accusedNow(record) : words.accusedBefore(record),
    );
    out.rows([
      [words.ofEpoch, String(epoch)],
      [words.signedBoth, accusation === null ? null : whatOf(accusation, words)],
    ]);
  }
  return EXIT.done;
}

function whatOf({ votes, checkpoints }: Accusation, words: ReturnType<typeof membersMessages>): string {
  if (votes !== null) return words.twoVotes(votes.kind.toUpperCase(), votes.view, votes.height);
  return words.twoHeads(/^block (\d+) /m.exec(checkpoints![0].text)?.[1] ?? '');
}
