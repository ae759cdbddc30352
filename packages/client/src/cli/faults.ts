import { CliError, catalogue, EXIT, type Fault, type Lang } from '@qifeng/core';
import { faultText } from './fault-text.ts';

/** What a fault of a receipt means for a person, and what to do about it. */
export interface Explanation {
  readonly says: string;
  readonly next: string;
}

const explanations = catalogue(
  {
    malformed: {
      says: 'The receipt is damaged or is not a receipt of this ledger.',
      next: 'Get the receipt again from the publisher or from a node, and copy it as a file, not as text.',
    },
    file: {
      says: 'The file is not the one that was recorded: at least one byte differs.',
      next: 'Get the document again from its publisher. Even a re-saved or converted copy is another file.',
    },
    chain: {
      says: 'The receipt belongs to another chain than the genesis.',
      next: 'Check which chain you trust. With the right genesis for this receipt, name it with --genesis.',
    },
    publisher: {
      says: 'The publisher did not sign this record as it stands in the receipt.',
      next: 'Do not rely on this receipt; ask the publisher for theirs.',
    },
    inclusion: {
      says: 'The record is not at this place of the log that the provinces signed.',
      next: 'Do not rely on this receipt; get it again from a node.',
    },
    signers: {
      says: 'The provinces of the genesis did not sign this checkpoint as the receipt shows it.',
      next: 'Do not rely on this receipt; get it again from a node.',
    },
    epoch: {
      says: 'The receipt does not prove how its validators follow from the genesis.',
      next: 'Do not trust it; ask a node for another.',
    },
    pin: {
      says: 'An epoch ended otherwise than you have pinned.',
      next: 'Do not trust it: it is of another history. Ask several nodes, and tell their operators.',
    },
    old: {
      says: 'The proof of the standing is older than you allow, or than the record.',
      next: 'Get a new one: qifeng status FILE --save. An older one may be allowed with --max-age.',
    },
    ahead: {
      says: 'The proof of the standing is of a time that this machine’s clock has not reached.',
      next: 'Check the clock of this machine; if it is right, tell the operator of the node.',
    },
    enclosed: {
      says: 'What was recorded is genuine, but this file only accompanied an action; it was never the text itself.',
      next: 'Do not accept it as the document: verify the text, and read this as what came with that action.',
    },
    unknownState: {
      says: 'What was recorded is genuine, but what its state means is not known here: its profile has a newer version, or is not known at all.',
      next: 'Ask a node, with --node URL: it proves the newer version of the profile, which is kept from then on.',
    },
    notInForce: {
      says: 'What was recorded is genuine, but it is not in force.',
      next: 'Do not accept it as in force; qifeng history shows what became of it.',
    },
    otherText: {
      says: 'The proof is about a subject whose present text is another file.',
      next: 'Put the receipt of this file beside it, as FILE.tlog-proof: it tells whether this is an earlier text of that subject.',
    },
    absent: {
      says: 'It is proven that no public record carries this digest of the file, which was asked about.',
      next: 'Do not accept it as recorded. It may be under its digest in another algorithm, or sealed: then its receipt shows it; ask whoever presents the file for that.',
    },
    unproven: {
      says: 'Nothing proves that it is in force.',
      next: 'Ask a node, without --offline, or name a proof with --status-proof. Of a sealed record ask its holder to show the dates, and name what they show: qifeng status RECEIPT --in-force.',
    },
    otherName: {
      says: 'The proof of the standing is about something else than was asked.',
      next: 'Check which proof belongs to which document, or get a new one: qifeng status FILE --save.',
    },
    standing: {
      says: 'The proof of the standing does not hold.',
      next: 'Do not rely on it; get it again from a node: qifeng status FILE --save.',
    },
    history: {
      says: 'The node did not show all records, or others than there are.',
      next: 'Do not rely on this node; ask another with --node, and tell its operator.',
    },
    fork: {
      says: 'These proofs are of two histories that exclude each other, and a quorum signed both.',
      next: 'Keep them all: they are evidence. Rely on none of them, and tell the operators.',
    },
    opening: {
      says: 'What the receipt shows of the sealed record is not what the publisher committed to.',
      next: 'Do not rely on it; ask whoever presented it for the receipt that the publisher gave them.',
    },
    sealed: {
      says: 'The record is sealed, and this receipt does not open the digest of its file.',
      next: 'Compare the file by the receipt that its publisher gave out, or by a presentation that shows its digest.',
    },
    other: { says: 'The receipt does not verify.', next: 'Do not rely on it; get it again from a node.' },
  },
  {
    malformed: {
      says: '存证凭证已损坏，或不是本账本的凭证。',
      next: '请向发布机构或节点重新获取凭证，并以文件方式复制，不要复制文本。',
    },
    file: {
      says: '文件与存证时不一致：至少有一个字节不同。',
      next: '请向发布机构重新获取原件。另存或转换格式后的副本也视为不同文件。',
    },
    chain: {
      says: '存证凭证与创世文件不属于同一条链。',
      next: '请确认您信任的是哪条链；如有该凭证所属链的创世文件，请用 --genesis 指定。',
    },
    publisher: {
      says: '发布机构没有签署过凭证中所载的这条存证记录。',
      next: '请勿采信此凭证，并向发布机构索取其凭证。',
    },
    inclusion: {
      says: '存证记录不在省级联署日志的这一位置上。',
      next: '请勿采信此凭证，并向节点重新获取。',
    },
    signers: {
      says: '凭证所示的检查点没有得到创世文件中各省的有效联署。',
      next: '请勿采信此凭证，并向节点重新获取。',
    },
    epoch: {
      says: '凭证未能证明其验证节点集合如何由创世文件逐届交接而来。',
      next: '请勿采信此凭证，并向节点重新获取。',
    },
    pin: {
      says: '某一纪元的交接与您固定的记录不符。',
      next: '请勿采信：该凭证属于另一条历史。请向多个节点核实，并告知运营方。',
    },
    old: {
      says: '效力证明早于您允许的时间，或早于该记录。',
      next: '请重新获取：qifeng status 文件 --save；也可用 --max-age 放宽时间。',
    },
    ahead: {
      says: '效力证明的时间晚于本机时钟。',
      next: '请检查本机时钟；如时钟无误，请告知节点的运营方。',
    },
    enclosed: {
      says: '存证内容属实，但本文件只是某一事项的附件，从未作为标的文本。',
      next: '请勿将其当作该文件本身使用：请验证标的文本，本文件仅为办理该事项所附。',
    },
    unknownState: {
      says: '存证内容属实，但其状态的含义在此不得而知：该业务类型另有新版，或尚不为本机所知。',
      next: '请联网查询节点（--node URL）：节点会证明该业务类型的新版，此后即保存在本机。',
    },
    notInForce: {
      says: '存证内容属实，但当前不具有效力。',
      next: '请勿作为有效文件使用；可用 qifeng history 查看其变更经过。',
    },
    otherText: {
      says: '该证明所述标的的现行文本是另一文件。',
      next: '请将此文件的存证凭证置于同处，名为 <文件名>.tlog-proof，即可查明是否为该标的的旧版文本。',
    },
    absent: {
      says: '经证明，没有公开的存证记录载有此文件的这一摘要。',
      next: '请勿视为已存证。以另一算法的摘要存证的，或密封存证的，须凭其存证凭证查验：请向出示人索取。',
    },
    unproven: {
      says: '没有证明表明其当前有效。',
      next: '请去掉 --offline 以查询节点，或用 --status-proof 指定效力证明。密封的记录须由持有人出示有效期，再查核其凭证：qifeng status 凭证 --in-force。',
    },
    otherName: {
      says: '效力证明所证明的不是所问的内容。',
      next: '请核对证明与文件是否对应，或重新获取：qifeng status 文件 --save。',
    },
    standing: {
      says: '效力证明不成立。',
      next: '请勿采信，并向节点重新获取：qifeng status 文件 --save。',
    },
    history: {
      says: '节点没有出示全部记录，或出示了不相干的记录。',
      next: '请勿采信该节点；请用 --node 查询其他节点，并告知其运营方。',
    },
    fork: {
      says: '这些证明分属两条互相矛盾的历史，而两者都有法定数联署。',
      next: '请全部保留作为证据，均勿采信，并告知运营方。',
    },
    opening: {
      says: '凭证所出示的内容与发布机构密封存证的内容不符。',
      next: '请勿采信，并请出示人提供发布机构所给的凭证。',
    },
    sealed: {
      says: '这条存证是密封的，该凭证没有公开文件摘要。',
      next: '请用发布机构给出的凭证，或出示了文件摘要的凭证来比对文件。',
    },
    other: { says: '存证凭证未通过验证。', next: '请勿采信此凭证，并向节点重新获取。' },
  },
);

type Kind = keyof ReturnType<typeof explanations>;

const KINDS: Readonly<Record<string, Kind>> = {
  'file-mismatch': 'file',
  'wrong-chain': 'chain',
  'bad-signature': 'publisher',
  'entry-mismatch': 'publisher',
  'leaf-mismatch': 'publisher',
  'root-mismatch': 'inclusion',
  'bad-leaf-index': 'inclusion',
  'bad-path-length': 'inclusion',
  'bad-tree-size': 'inclusion',
  'wrong-height': 'inclusion',
  'bad-log-line': 'signers',
  'bad-cosignature': 'signers',
  'unknown-line': 'signers',
  'no-quorum': 'signers',
  'wrong-epoch': 'epoch',
  'bad-handover': 'epoch',
  'pin-mismatch': 'pin',
  'log-fork': 'fork',
  'unknown-opening': 'opening',
  'opening-mismatch': 'opening',
  'opening-missing': 'sealed',
  'other-text': 'otherText',
  'no-public-record': 'absent',
  'not-in-force': 'notInForce',
  'enclosed-file': 'enclosed',
  'state-unknown': 'unknownState',
  'standing-unproven': 'unproven',
  'status-stale': 'old',
  'status-older': 'old',
  'status-ahead': 'ahead',
  'status-other-name': 'otherName',
  'bad-map-proof': 'standing',
  'map-wrong-kind': 'standing',
  'map-wrong-path': 'standing',
};

/** The explanation of a fault code of a receipt, a status proof or a history; every code has one. */
export function explainFault(code: string, lang: Lang): Explanation {
  const malformed = /^(?:proof|receipt|note|checkpoint|cbor|cosignature)-/.test(code);
  const family = /^(status|history)-/.exec(code)?.[1];
  const kind = family === undefined ? 'other' : family === 'status' ? 'standing' : 'history';
  return explanations(lang)[KINDS[code] ?? (malformed ? 'malformed' : kind)];
}

/** The complaint about what does not hold, with exit code 1. */
export function refuted({ code, detail }: Fault, lang: Lang): CliError {
  const { says, next } = explainFault(code, lang);
  return new CliError(EXIT.refuted, code, { what: says, why: faultText({ code, detail }, lang), next });
}
