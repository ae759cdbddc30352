import type { Message } from '../messages.ts';
import type { Output, ToSign, WalRecord } from '../output.ts';

/** What is signed, in a few words: `PREPARE 0/1 1a` is view 0, height 1, block 1a. */
export function sayToSign(what: ToSign): string {
  switch (what.type) {
    case 'vote':
      return `${what.vote.kind.toUpperCase()} ${what.vote.view}/${what.vote.height} ${what.vote.hash}`;
    case 'proposal':
      return `PROPOSE ${what.view}/${what.block.height} ${what.block.hash}`;
    case 'view-change': {
      const { newView, high } = what.body;
      return `VIEW-CHANGE ${newView} high ${high === null ? 'none' : `${high.view}/${high.height} ${high.hash}`}`;
    }
    case 'new-view':
      return `NEW-VIEW ${what.body.view}`;
    case 'cosignature':
      return `CHECKPOINT ${what.height} ${what.hash}`;
  }
}

function sayRecord(record: WalRecord): string {
  switch (record.type) {
    case 'epoch':
      return `log epoch ${record.epoch}`;
    case 'accept':
      return `log accept ${record.view}/${record.block.height} ${record.block.hash}`;
    case 'prepared':
      return `log prepared ${record.certificate.view}/${record.certificate.height} ${record.certificate.hash}`;
    case 'view-change':
      return `log view-change ${record.body.newView}`;
    case 'new-view-sent':
      return `log new-view-sent ${record.body.view}`;
    case 'new-view':
      return `log new-view ${record.message.view}`;
    case 'cosign':
      return `log cosign ${record.height} at ${record.time}`;
    case 'checkpoint':
      return `log checkpoint ${record.certificate.height}`;
  }
}

function sayMessage(message: Message): string {
  switch (message.type) {
    case 'vote':
      return `${message.vote.kind} ${message.vote.view}/${message.vote.height}`;
    case 'proposal':
      return `proposal ${message.proposal.view}/${message.proposal.block.height}`;
    case 'commit-certificate':
    case 'checkpoint-certificate':
      return `${message.type} ${message.certificate.height}`;
    case 'checkpoint-vote':
      return `checkpoint-vote ${message.vote.height}`;
    case 'new-view':
      return `new-view ${message.newView.view}`;
    case 'view-change':
      return `view-change ${message.viewChange.newView}`;
    case 'header-request':
      return `header-request ${message.request.hash} above ${message.request.above}`;
    case 'headers':
      return `headers ${message.blocks.map(({ hash }) => hash).join(' ')}`;
    case 'status':
      return 'status';
    case 'evidence':
      return `evidence against ${message.evidence.first.signer}`;
  }
}

/** One output in a few words, for traces that a person reads. */
export function say(output: Output): string {
  switch (output.type) {
    case 'persist':
      return sayRecord(output.record);
    case 'sign':
      return sayToSign(output.what);
    case 'send':
      return `to ${output.to}: ${sayMessage(output.message)}`;
    case 'send-headers':
      return `to ${output.to}: headers ${output.blocks.map(({ hash }) => hash).join(' ')} then from ${output.next}`;
    case 'send-handover':
      return `to ${output.to}: end of epoch ${output.epoch}`;
    case 'need-bodies':
      return `need-bodies ${output.block.hash}`;
    case 'execute':
      return `execute ${output.block.hash}`;
    case 'final':
      return `final ${output.certificate.height}`;
    case 'evidence':
      return `evidence against ${output.evidence.first.signer}`;
    case 'asks':
      return `asks for view ${output.view}: ${output.reason}`;
    case 'diverged':
      return `diverged: ${output.reason}`;
  }
}
