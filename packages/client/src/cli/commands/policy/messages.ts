import { catalogue } from '@qifeng/core';

/** Texts of `qifeng policy`. */
export const policyMessages = catalogue(
  {
    summary: 'print the consortium as a C2SP policy file',
    description:
      "Prints the C2SP policy of an epoch, by which other tools verify its receipts: of a receipt's, worked out from the genesis and what the receipt carries, offline; of the first, from the genesis alone; or of the one with --epoch, by the handovers that a node gives, proven from the genesis. With --node and without --genesis it is the node's word.",
    receipt: 'a receipt: the policy is that of its epoch',
    epoch: 'the number of the epoch (default: 0, the first)',
    genesis: 'the genesis file that you trust (default: <home>/genesis.cbor)',
    nodesWord: (node: string) =>
      `Note: this is what ${node} says. Compare it with the policy of a genesis you trust.`,
    badEpoch: (text: string) => `${text} is not the number of an epoch.`,
    badEpochNext: 'Name one, such as --epoch 2, or a receipt, which says its own.',
    both: 'A receipt and --epoch are two questions.',
    notYet: (epoch: number, present: number) => `epoch ${epoch} has not begun, the present one is ${present}`,
  },
  {
    summary: '以 C2SP 策略文件形式输出联盟成员',
    description:
      '输出某一纪元的 C2SP 策略文件，供其他工具验证其凭证：给出凭证时为该凭证的纪元，由创世文件和凭证所载离线得出；默认为首个纪元，由创世文件得出；以 --epoch 指定时，由节点给出的交接记录自创世文件起逐一证明。给出 --node 而未给出 --genesis 时，以节点所述为准。',
    receipt: '存证凭证：输出其所属纪元的策略',
    epoch: '纪元编号（默认 0，即首个纪元）',
    genesis: '您信任的创世文件（默认 <home>/genesis.cbor）',
    nodesWord: (node: string) => `提示：以上为 ${node} 所述，请与可信创世文件得出的策略核对。`,
    badEpoch: (text: string) => `${text} 不是纪元编号。`,
    badEpochNext: '请指定编号，例如 --epoch 2，或给出凭证。',
    both: '凭证与 --epoch 不能同时给出。',
    notYet: (epoch: number, present: number) => `纪元 ${epoch} 尚未开始，当前为 ${present}`,
  },
);
