import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Asked,
  type Chain,
  type Entry,
  inspectReceipt,
  type MetaValue,
  type Origin,
  parseReceipt,
  readGenesis,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Trail } from '../../packages/client/src/cli/commands/history/provenance.ts';
import { drawQr } from '../../packages/client/src/cli/commands/info/qr.ts';
import type { Evidence } from '../../packages/client/src/cli/commands/report/evidence.ts';
import { Register } from '../../packages/client/src/register/register.ts';
import { unwrap } from '../fixtures/builder.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/first-light/', import.meta.url));
const read = (name: string) => readFileSync(FIXTURE + name);

/** The evidence of the committed fixture, verified. */
export function fixtureEvidence(): Evidence {
  const chain = unwrap(readGenesis(read('genesis.cbor'), nativeSuite));
  const trust = { chain, suite: nativeSuite };
  const bytes = read('notice.md.tlog-proof');
  const parts = unwrap(parseReceipt(bytes));
  const verified = unwrap(verifyReceipt(bytes, { ...trust, digests: null }));
  return {
    examined: { kind: 'file', name: 'notice.md', bytes: 98, digest: verified.leaf.entry.value.digest! },
    receipt: {
      name: 'notice.md.tlog-proof',
      fetched: false,
      bytes,
      parts,
      inspection: inspectReceipt(parts, trust),
      verified,
    },
    names: new Register(chain, nativeSuite, null),
    linkTitles: new Map(),
    standing: 'offline',
    history: null,
    inbound: null,
    qr: drawQr(bytes, null),
    madeAt: 1_700_000_000_000,
    version: '0.0.0',
  };
}

/** The same with `text` at every place that is filled from outside: file names, names, fields, origin, history, node, receipt. */
export function filledWith(text: string): Evidence {
  const known = fixtureEvidence();
  const { verified } = known.receipt;
  const origin: Origin = { method: text, tool: text, operator: text, capturedAt: null, earlier: null };
  const old = verified.leaf.entry.value;
  const entry: Entry = {
    ...old,
    ...{ profile: text, action: text, origin },
    subject: { issuer: text, id: text },
    meta: new Map<string, MetaValue>([
      ['title', text],
      ['made', text],
      ['number', text],
      ['list', [text, text]],
      [`field ${text}`, text],
    ]),
  };
  const leaf = { ...verified.leaf, entry: { ...verified.leaf.entry, value: entry } };
  const asked: Asked<'subject'> = { kind: 'subject', profile: text, subject: entry.subject };
  const status = {
    asked,
    value: {
      ...{ profile: text, state: text, head: verified.index, version: 1, owner: text, digest: old.digest },
      ...{ validFrom: text, validTo: text, awaiting: [text] },
    },
    last: {
      ...verified,
      leaf: {
        ...leaf,
        entry: {
          ...leaf.entry,
          value: { ...entry, links: [{ rel: 'replaced-by', subject: entry.subject, index: 0 }] },
        },
      },
    },
    ...{ checkpoint: verified.checkpoint, cosigners: verified.cosigners, validators: 4, asOf: known.madeAt },
  };
  const history: Trail<Asked<'subject'>> = {
    ...{ asked, status, fault: null, isCut: false },
    records: [{ record: { index: verified.index, leaf }, proven: true, fault: null }],
  };
  return {
    ...known,
    ...{ history, standing: { node: text, status }, version: text },
    names: new Register(named(known.names.chain, text), nativeSuite, null),
    examined: { kind: 'file', name: text, bytes: 98, digest: old.digest! },
    receipt: {
      ...known.receipt,
      name: text,
      bytes: new TextEncoder().encode(text.replaceAll('\n', '')),
      verified: { ...verified, leaf, checkpoint: { ...verified.checkpoint, origin: text } },
    },
  };
}

function named(chain: Chain, text: string): Chain {
  const { genesis } = chain;
  return {
    ...chain,
    origin: text,
    genesis: {
      ...genesis,
      name: text,
      members: genesis.members.map(member => ({ ...member, nameZh: text, nameEn: text })),
      publishers: genesis.publishers.map(publisher => ({ ...publisher, name: text })),
    },
  };
}
