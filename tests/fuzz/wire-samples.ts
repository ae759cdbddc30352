import { toHex } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import type { Message } from '../../packages/node/src/consensus/messages.ts';
import type { WalRecord } from '../../packages/node/src/consensus/output.ts';
import { blockHasher } from '../../packages/node/src/engine/wire/codecs.ts';

/** One message of each kind and one log record of each kind, on the chain of `genesis`. */
export function wireSamples(genesis: Uint8Array): {
  readonly messages: readonly Message[];
  readonly records: readonly WalRecord[];
} {
  const hash = toHex(new Uint8Array(32).fill(0xab));
  const signature = new Uint8Array(64).fill(0xcd);
  const draft = {
    height: 7,
    parent: hash,
    proposer: '110000',
    epoch: 1,
    timestamp: 1_600_000_000_000,
    batches: [hash, toHex(new Uint8Array(32))],
    barrier: true,
  };
  const block = { ...draft, hash: blockHasher(genesis, nativeHasher)(draft) };
  const vote = { kind: 'prepare' as const, epoch: 1, view: 300, height: 7, hash };
  const signatures = [0, 2, 3].map(signer => ({ signer, signature }));
  const high = { ...vote, signatures };
  const text = 'fixture.qifeng.example/ab\n7\nAAAA\n';
  const cosigned = { epoch: 1, height: 7, hash, text, signer: 1, time: 1_600_000_000, signature };
  const checkpoint = {
    epoch: 1,
    height: 7,
    hash,
    text,
    signatures: signatures.map(one => ({ ...one, time: 1_600_000_000 })),
  };
  const viewChangeBody = { epoch: 1, newView: 301, high, checkpoint };
  const viewChange = { ...viewChangeBody, signer: 2, signature };
  const newViewBody = { epoch: 1, view: 301, viewChanges: [viewChange, { ...viewChange, high: null }] };
  const newView = { ...newViewBody, signer: 1, signature };
  const signed = { ...vote, signer: 3, signature };
  const messages: Message[] = [
    { type: 'proposal', proposal: { view: 300, block, signer: 0, signature } },
    { type: 'vote', vote: signed },
    { type: 'view-change', viewChange },
    { type: 'new-view', newView },
    { type: 'checkpoint-vote', vote: cosigned },
    { type: 'commit-certificate', certificate: { ...high, kind: 'commit' } },
    { type: 'checkpoint-certificate', certificate: checkpoint },
    { type: 'status', status: { epoch: 1, view: 3, asked: 3, accepted: 9, committed: 8, final: 7 } },
    { type: 'header-request', request: { hash, above: 3 } },
    { type: 'headers', blocks: [block] },
    { type: 'evidence', evidence: { type: 'votes', first: signed, second: signed } },
    { type: 'evidence', evidence: { type: 'checkpoints', first: cosigned, second: cosigned } },
  ];
  const records: WalRecord[] = [
    { type: 'epoch', epoch: 1, base: { height: 6, hash, timestamp: 1_600_000_000_000 } },
    { type: 'accept', view: 300, block },
    { type: 'prepared', certificate: high },
    { type: 'view-change', body: viewChangeBody },
    { type: 'new-view-sent', body: newViewBody },
    { type: 'new-view', message: newView },
    { type: 'cosign', height: 7, hash, text, time: 1_600_000_000 },
    { type: 'checkpoint', certificate: checkpoint },
  ];
  return { messages, records };
}
