import { join } from 'node:path';
import { shellMessages } from '@qifeng/core';
import type { Context } from '../../context.ts';
import { memberName, seedMembers } from '../../genesis-plan.ts';
import { clusterMessages } from './messages.ts';
import type { Standing } from './standing.ts';

/** A line for each member whose signatures contradict each other, and how to put on record what is not yet. */
export function printAccused(rows: readonly Standing[], { out, lang }: Context): void {
  const words = clusterMessages(lang);
  const accused = new Map<string, number | null>();
  for (const { answer } of rows)
    for (const { code, record } of answer?.accused ?? [])
      accused.set(code, record ?? accused.get(code) ?? null);
  const names = new Map(seedMembers().map(member => [member.code, memberName(member, lang)]));
  for (const [code, record] of [...accused].sort())
    out.line(`${out.mark(false)} ${code} ${names.get(code) ?? ''}  ${words.accused(record)}`);
  const teller = rows.find(({ answer }) => answer?.accused.some(({ record }) => record === null));
  if (teller === undefined) return;
  const genesis = join(teller.home, 'genesis.cbor');
  const command = `qifeng-node members accuse --node ${teller.url} --genesis ${genesis} --key FILE`;
  out.rows([[shellMessages(lang).next, command]]);
}
