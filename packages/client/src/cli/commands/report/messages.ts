import { catalogue } from '@qifeng/core';

/** Texts of `qifeng report`, the command; what stands in the report is in `words` and `law-words`. */
export const reportMessages = catalogue(
  {
    summary: 'write a court report on a file and its receipt',
    description:
      'Verifies a file against its receipt and writes one HTML file for A4 paper along articles 16 to 19 of the Online Litigation Rules: what the ledger proves, what it does not, and how to check it again. A known node is asked for the current standing and the whole history, both proven. Of a record without a file its receipt alone is given, FILE.tlog-proof, where the file is elsewhere its digest, and of a subject its name, for its last record: the report then says that no file was examined. Where anything does not verify, no report is written. The report is in Chinese unless --lang en is given.',
    file: 'the file, its receipt beside it as FILE.tlog-proof; or a receipt alone; or a digest, as ALG:HEX; or a subject, as PROFILE/ISSUER/ID',
    out: 'where to write the report',
    force: 'write over a file that is there',
    receipt:
      'the receipt, where it is not beside the file; of a digest or a subject it is asked of a node otherwise',
    index: 'which record of a digest that was recorded several times, or of a subject, by its log index',
    genesis: 'the genesis file that you trust (default: <home>/genesis.cbor)',
    statusProof: 'a proof of the current standing, as `status --save` writes it; no node is asked',
    offline: 'do not ask any node: the report rests on the receipt and the genesis alone',
    maxAge: 'how old a proof of the standing may be, such as 30s, 10m, 1h (default: 10m)',
    written: 'report written',
    receiptWritten: 'its receipt',
    record: 'record',
    standing: 'standing',
    standingKnown: 'proven, in the report',
    history: 'history',
    historyOf: (count: number) => (count === 1 ? '1 record' : `${count} records`),
    outThere: (path: string) => `${path} is there already.`,
    outThereNext: 'Name another file with --out, or write over it with --force.',
    receiptThereNext:
      'It is another receipt. Write the report into another folder, or over the file with --force.',
    noReport: (file: string) => `${file}: not verified, no report was written.`,
    neverRecorded: {
      digest: 'The node knows no public record of this digest.',
      subject: 'The node knows no record of this subject.',
    },
    neverRecordedNext: 'Check the spelling; a sealed record is found by its receipt alone: --receipt FILE',
    several: (indexes: string) => `There are several records of this digest: ${indexes}.`,
    severalNext: 'Name the one that is meant by its log index: --index N',
    otherRecord: {
      digest: (index: number, indexes: string) =>
        `Record ${index} is not of this digest; there are: ${indexes}.`,
      subject: (index: number, indexes: string) =>
        `Record ${index} is not of this subject; there are: ${indexes}.`,
    },
    badIndex: (text: string) => `--index ${text}: not a log index.`,
    badHistory: 'The records that the node gave contradict the proofs; no report was written.',
    badHistoryNext: 'Ask another node with --node, or leave the history out with --offline.',
    otherHistory: (index: number) => `record ${index} of the receipt is not among them`,
  },
  {
    summary: '就文件及其存证凭证出具司法核验报告',
    description:
      '核验文件及其存证凭证，并写出一个可用 A4 纸打印的 HTML 文件，按《人民法院在线诉讼规则》第十六条至第十九条编排：账本能证明什么、不能证明什么、如何重新核验。当前效力和全部历史由已知节点给出证明，并一并核验。没有文件的记录只需给出其存证凭证（<文件名>.tlog-proof）；文件不在手边时给出其摘要；也可给出标的，即其最后一条记录：报告会写明未核验任何文件。任何一项未通过核验，都不写出报告。报告为中文，--lang en 时为英文。',
    file: '要核验的文件（存证凭证为同目录下的 <文件名>.tlog-proof），或存证凭证本身，或 算法:摘要，或 类型/发布机构/编号',
    out: '报告写到哪个文件',
    force: '覆盖已有文件',
    receipt: '存证凭证（不在文件旁边时指定；仅有摘要或标的而未指定时向节点索取）',
    index: '同一摘要有多条记录时，或标的的某一条记录，所指记录的日志序号',
    genesis: '您信任的创世文件（默认 <home>/genesis.cbor）',
    statusProof: '当前效力的证明，由 `status --save` 写出；不再查询节点',
    offline: '不查询任何节点：报告仅依存证凭证和创世文件',
    maxAge: '效力证明允许的最长时间，例如 30s、10m、1h（默认 10m）',
    written: '报告已写出',
    receiptWritten: '其存证凭证',
    record: '存证记录',
    standing: '当前效力',
    standingKnown: '已证明，载于报告',
    history: '历史记录',
    historyOf: (count: number) => `${count} 条`,
    outThere: (path: string) => `${path} 已存在。`,
    outThereNext: '请用 --out 指定其他文件，或用 --force 覆盖。',
    receiptThereNext: '该文件是另一凭证。请将报告写到其他文件夹，或用 --force 覆盖。',
    noReport: (file: string) => `${file}：未通过核验，未写出报告。`,
    neverRecorded: {
      digest: '节点上没有该摘要的公开存证记录。',
      subject: '节点上没有该标的的存证记录。',
    },
    neverRecordedNext: '请检查拼写；密封记录只能凭其存证凭证核验：--receipt 凭证',
    several: (indexes: string) => `该摘要有多条记录：${indexes}。`,
    severalNext: '请用日志序号指明是哪一条：--index N',
    otherRecord: {
      digest: (index: number, indexes: string) => `第 ${index} 号记录不是该摘要的，现有：${indexes}。`,
      subject: (index: number, indexes: string) => `第 ${index} 号记录不是该标的的，现有：${indexes}。`,
    },
    badIndex: (text: string) => `--index ${text} 不是日志序号。`,
    badHistory: '节点给出的记录与证明不符，未写出报告。',
    badHistoryNext: '请用 --node 查询其他节点，或用 --offline 略去历史。',
    otherHistory: (index: number) => `其中没有凭证所述的第 ${index} 号记录`,
  },
);
