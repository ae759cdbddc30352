import type { Message } from './messages.ts';
import type { ToSign } from './output.ts';

/** The message that a signature by the validator at `signer` turns a thing into. `epoch` is that of the signer's set. */
export function signedMessage(what: ToSign, epoch: number, signer: number, signature: Uint8Array): Message {
  const by = { signer, signature };
  switch (what.type) {
    case 'vote':
      return { type: 'vote', vote: { ...what.vote, ...by } };
    case 'proposal':
      return { type: 'proposal', proposal: { view: what.view, block: what.block, ...by } };
    case 'view-change':
      return { type: 'view-change', viewChange: { ...what.body, ...by } };
    case 'new-view':
      return { type: 'new-view', newView: { ...what.body, ...by } };
    case 'cosignature': {
      const { height, hash, text, time } = what;
      return { type: 'checkpoint-vote', vote: { epoch, height, hash, text, time, ...by } };
    }
  }
}
