import { catalogue } from '@qifeng/core';

/** Texts of `qifeng history`. */
export const historyMessages = catalogue(
  {
    summary: 'show the whole provenance of a file, a digest or a subject',
    description:
      "Shows every record of a subject, oldest first; of a file or digest, that of each subject it was recorded for. With a genesis each record is verified by its receipt, and the records are checked to follow one another without a gap. That none came after the last one is the node's word.",
    x: 'a file, ALG:HEX, or PROFILE/ISSUER/ID (parts percent-encoded)',
    genesis: 'the genesis file that you trust (default: <home>/genesis.cbor)',
    badX: (x: string) => `${x} is neither a file, nor ALG:HEX, nor PROFILE/ISSUER/ID.`,
    badXNext: 'Check the spelling, and that a subject has three parts.',
    neverRecorded: (x: string) => `The node knows no record of ${x}.`,
    standing: 'standing',
    nodesWord: (state: string, time: string) => `${state} at ${time}, by the node's word`,
    records: (count: number) => (count === 1 ? '1 record' : `${count} records`),
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
    summary: '查看文件、摘要或标的的完整来历',
    description:
      '按时间先后显示某一标的的全部存证记录；对文件或摘要，则显示其涉及的每个标的。有创世文件时，逐条以凭证核验，并检查记录前后相接、没有缺漏。最后一条之后是否另有记录，以节点所述为准。',
    x: '文件、算法:十六进制摘要，或 类型/发布机构/编号（各部分可用百分号编码）',
    genesis: '您信任的创世文件（默认 <home>/genesis.cbor）',
    badX: (x: string) => `${x} 既不是文件，也不是 算法:摘要 或 类型/发布机构/编号。`,
    badXNext: '请检查拼写；标的应有三个部分。',
    neverRecorded: (x: string) => `节点上没有 ${x} 的存证记录。`,
    standing: '当前效力',
    nodesWord: (state: string, time: string) => `${state}（${time}，节点所述）`,
    records: (count: number) => `${count} 条记录`,
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
