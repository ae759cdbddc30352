import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  blockView,
  encode,
  executedPageView,
  type Handover,
  parseCheckpoint,
  policyOfValidators,
  statusProofCodec,
  writeJson,
} from '@qifeng/core';
import { epochSet } from '@qifeng/core/execution';
import { nativeSuite } from '@qifeng/core/native';
import { PUBLISHER, unwrap } from '../fixtures/builder.ts';
import type { EpochLedger } from '../fixtures/epoch-ledger.ts';
import { tileAt } from './tiles.ts';

/** What a node serves other than its ledger says. */
export interface Lie {
  /** The epoch whose policy it serves for every other. */
  readonly policy?: number;
  readonly handovers?: readonly Handover[];
}

/** The ledger as nodes serve it, at a height of its own. */
export async function serveEpochs(
  ledger: EpochLedger,
  height = ledger.height,
  lie: Lie = {},
): Promise<{ readonly server: Server; readonly url: string }> {
  const at = (h: number) => unwrap(parseCheckpoint(ledger.blocks[h - 1]!.text));
  const answer = (url: URL): Uint8Array | string | null => {
    const [, v1, kind, name] = url.pathname.split('/');
    const { epoch, size } = at(height);
    if (url.pathname === '/checkpoint') return ledger.note(height);
    if (v1 === 'policy') {
      const set = epochSet(ledger, lie.policy ?? Number(url.searchParams.get('epoch')))!;
      return policyOfValidators(ledger.chain.origin, set.validators, nativeSuite.hasher);
    }
    if (v1 === 'tile') return tileAt(url.pathname, ledger.leaves.slice(0, size));
    if (kind === 'subjects') {
      const nothing = { value: null, other: null, bitmap: new Uint8Array(), siblings: [], receipt: null };
      const handovers = epoch === 0 ? null : (lie.handovers ?? ledger.handovers.slice(0, epoch));
      const what = { kind: 'subject' as const, name: [PUBLISHER], ...nothing };
      return encode(statusProofCodec, { checkpoint: ledger.note(height), handovers, ...what });
    }
    if (kind === 'executed') {
      const submissions = ledger.blocks.map(({ submission }, i) => {
        const { id, headerBytes: header, signature } = submission;
        return { height: i + 1, id, recorded: { header, signature }, refused: null };
      });
      return writeJson(executedPageView, { submissions, next: null });
    }
    const checkpoint = at(Number(name));
    const { header } = ledger.blocks[Number(name) - 1]!;
    const first = Number(name) === 1 ? 0 : at(Number(name) - 1).size;
    const count = checkpoint.size - first;
    return writeJson(blockView, {
      hash: checkpoint.blockHash,
      header,
      checkpoint,
      certified: true,
      first,
      count,
    });
  };
  const server = createServer((request, response) => {
    const told = answer(new URL(request.url!, 'http://localhost'));
    response.writeHead(told === null ? 404 : 200).end(told);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
