import { catalogue, type Lang } from './language.ts';

/** What a fault means for a person, and what to do about it. */
export interface Explanation {
  readonly says: string;
  readonly next: string;
}

/** `says` is what `qifeng verify` says, which a test compares; `next` differs where that names an option. */
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
      next: 'Check which chain you trust. If you have the right genesis for this receipt, choose it above.',
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
      next: 'Get a new one from a node, or allow an older one above.',
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
      next: 'Ask a node: it proves the newer version of the profile.',
    },
    notInForce: {
      says: 'What was recorded is genuine, but it is not in force.',
      next: 'Do not accept it as in force; its history shows what became of it.',
    },
    unproven: {
      says: 'Nothing proves that it is in force.',
      next: 'Get a proof of its standing from a node.',
    },
    otherName: {
      says: 'The proof of the standing is about something else than was asked.',
      next: 'Check which proof belongs to which document, or get a new one from a node.',
    },
    standing: {
      says: 'The proof of the standing does not hold.',
      next: 'Do not rely on it; get it again from a node.',
    },
    history: {
      says: 'The node did not show all records, or others than there are.',
      next: 'Choose the receipts of all records. If these are all that a node gave, do not rely on it; ask another, and tell its operator.',
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
    algorithm: {
      says: 'The receipt is sound, but the file was recorded under an algorithm that this page cannot compute.',
      next: 'Verify it with the command: qifeng verify FILE',
    },
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
      next: '请确认您信任的是哪条链；如有该凭证所属链的创世文件，请在上方选择。',
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
    old: { says: '效力证明早于您允许的时间，或早于该记录。', next: '请向节点重新获取，或在上方放宽时限。' },
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
      next: '请查询节点：节点会证明该业务类型的新版。',
    },
    notInForce: {
      says: '存证内容属实，但当前不具有效力。',
      next: '请勿作为有效文件使用；其变更经过可向节点查询。',
    },
    unproven: {
      says: '没有证明表明其当前有效。',
      next: '请向节点索取其效力证明。',
    },
    otherName: {
      says: '效力证明所证明的不是所问的内容。',
      next: '请核对证明与文件是否对应，或向节点重新获取。',
    },
    standing: { says: '效力证明不成立。', next: '请勿采信，并向节点重新获取。' },
    history: {
      says: '节点没有出示全部记录，或出示了不相干的记录。',
      next: '请选中全部记录的凭证；如节点只给出这些，请勿采信，并查询其他节点、告知其运营方。',
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
    algorithm: {
      says: '凭证本身有效，但文件摘要所用的算法本页无法计算。',
      next: '请改用命令核验：qifeng verify 文件',
    },
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
  'unsupported-digest': 'algorithm',
};

/** The explanation of a fault code of a receipt, a status proof or a history; every code has one. */
export function explainFault(code: string, lang: Lang): Explanation {
  const malformed = /^(?:proof|receipt|note|checkpoint|cbor|cosignature)-/.test(code);
  const family = /^(status|history)-/.exec(code)?.[1];
  const other = family === undefined ? 'other' : family === 'status' ? 'standing' : 'history';
  const kind = Object.hasOwn(KINDS, code) ? KINDS[code]! : malformed ? 'malformed' : other;
  return explanations(lang)[kind];
}
