import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node check`. */
export const checkMessages = catalogue(
  {
    description:
      'verify the store of a node, or of every node of a network, against its own certificates; the nodes must be stopped',
    home: "a node's home, or a network's (default: QIFENG_HOME, else ./.qifeng)",
    good: 'sound',
    bad: 'damaged',
    blocks: (count: number) => `${count} blocks`,
    records: (count: number) => `${count} records`,
    certificates: (count: number) => `${count} certificates`,
    from: (height: number) => `from the snapshot of block ${height} on`,
  },
  {
    description: '用存储中自带的证书核对一个节点或整个网络的存储；节点须先停止',
    home: '节点目录或网络所在目录（默认 QIFENG_HOME，其次为 ./.qifeng）',
    good: '完好',
    bad: '有损坏',
    blocks: (count: number) => `区块 ${count} 个`,
    records: (count: number) => `存证记录 ${count} 条`,
    certificates: (count: number) => `证书 ${count} 份`,
    from: (height: number) => `自区块 ${height} 的快照起`,
  },
);
