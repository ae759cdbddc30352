import { catalogue } from '@qifeng/core';

/** Texts of `qifeng history`. */
export const historyMessages = catalogue(
  {
    summary: 'show the whole provenance of a file, a digest, a subject or a publisher',
    description:
      'Shows every record of a subject or a publisher, oldest first; of a file or digest, that of each subject it was recorded for. With a genesis each record is verified by its receipt, and a proof of how many there are shows that none was left out, as of a moment ago.',
    x: 'a file, ALG:HEX, PROFILE/ISSUER/ID (parts percent-encoded) or the code of a publisher',
    genesis: 'the genesis file that you trust (default: <home>/genesis.cbor)',
    maxAge: 'how old the proof of completeness may be, such as 30s, 10m, 1h (default: 10m)',
    byNode: (what: string) => `${what}, by the node's word`,
    leftOut: (x: string) => `The node keeps back the records of ${x}.`,
    leftOutNext: 'Do not rely on this node; ask another with --node, and tell its operator.',
    nodesWord: (state: string, time: string) => `${state} at ${time}, by the node's word`,
    records: (count: number) => (count === 1 ? '1 record' : `${count} records`),
    reading: 'reading records',
    cut: (count: number) =>
      `The first ${count} records only: no proof says how many there are, and no more are read without one.`,
    complete: (count: number) => `complete: ${count} of ${count} records`,
    incomplete: (count: number) => `not complete: there are ${count}`,
    proven:
      'Each record is proven by its receipt and the genesis. That none came after the last is the node’s word.',
    unproven: "No genesis is known: all of this is the node's word. To verify it: --genesis FILE",
    place: (index: number, height: number) => `index ${index}  height ${height}`,
    faults: {
      'receipt-invalid': 'its receipt does not verify',
      'other-record': 'its receipt is of another subject or index',
      gap: 'it does not follow the record before it: the node left records out',
    },
  },
  {
    summary: '查看文件、摘要、标的或发布机构的完整来历',
    description:
      '按时间先后显示某一标的或发布机构的全部存证记录；对文件或摘要，则显示其涉及的每个标的。有创世文件时，逐条以凭证核验，并凭记录总数的证明核实截至片刻之前没有缺漏。',
    x: '文件、算法:十六进制摘要、类型/发布机构/编号（各部分可用百分号编码）或发布机构代码',
    genesis: '您信任的创世文件（默认 <home>/genesis.cbor）',
    maxAge: '完整性证明允许的最长时间，例如 30s、10m、1h（默认 10m）',
    byNode: (what: string) => `${what}（节点所述）`,
    leftOut: (x: string) => `节点隐瞒了 ${x} 的存证记录。`,
    leftOutNext: '请勿采信该节点；请用 --node 查询其他节点，并告知其运营方。',
    nodesWord: (state: string, time: string) => `${state}（${time}，节点所述）`,
    records: (count: number) => `${count} 条记录`,
    reading: '读取记录',
    cut: (count: number) => `仅为最早的 ${count} 条：没有记录总数的证明，不再继续读取。`,
    complete: (count: number) => `完整：${count} 条记录，共 ${count} 条`,
    incomplete: (count: number) => `不完整：共有 ${count} 条`,
    proven: '每条记录均已凭凭证和创世文件核验。最后一条之后是否另有记录，以节点所述为准。',
    unproven: '没有可用的创世文件：以上均为节点所述。如需核验请给出 --genesis FILE',
    place: (index: number, height: number) => `序号 ${index}  区块高度 ${height}`,
    faults: {
      'receipt-invalid': '其凭证未通过验证',
      'other-record': '其凭证属于其他标的或序号',
      gap: '与前一条记录不相接：节点遗漏了记录',
    },
  },
);
