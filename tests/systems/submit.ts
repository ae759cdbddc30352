import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, MetaValue } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Publisher } from '../end-to-end/publisher.ts';
import type { Ended } from './world.ts';

const TRIES = 300;
const PAUSE_MS = 200;

/** One line of a table of entries, as a department's own system would hold it. */
interface Row {
  readonly profile: string;
  readonly action: string;
  readonly subject: string;
  readonly file: string;
  readonly meta: Record<string, MetaValue>;
  /** Log index of the subject's last record, where there is one. */
  readonly prev?: string;
}

/** Sends the entries of a table under one signature to a node's HTTP interface; a line for each that was recorded. */
export async function submitTable(table: string, publisher: Publisher, folder: string): Promise<Ended> {
  const rows = JSON.parse(table) as readonly Row[];
  const entries: Entry[] = rows.map(({ profile, action, subject, file, meta, prev }) => ({
    profile,
    action,
    subject: { issuer: publisher.id, id: subject },
    digest: {
      alg: 'sha256',
      hash: nativeSuite.hasher.digest(new Uint8Array(readFileSync(join(folder, file)))),
    },
    prev: prev === undefined ? null : Number(prev),
    links: [],
    meta: new Map(Object.entries(meta)),
    origin: null,
  }));
  const signed = publisher.signAll(entries);
  let answer = await publisher.post(0, signed);
  // The same bytes may be sent again, and get the first outcome.
  for (let tries = 1; answer.status === 503 && tries < TRIES; tries++) {
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    answer = await publisher.post(0, signed);
  }
  const { status, body } = answer;
  const lines = (body.receipts ?? []).map(
    ({ index }, i) => `ok  index ${index}  height ${body.height}  ${rows[i]!.subject}`,
  );
  const refused =
    body.code === undefined ? [] : [`refused  ${body.code}  entry ${body.entry}  ${body.detail}`];
  return { code: status === 200 ? 0 : 4, out: [...lines, ...refused].join('\n') };
}
