import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node snapshot`. */
export const snapshotMessages = catalogue(
  {
    description: 'carry the state of a ledger to a node as one file that proves itself',
    exportDescription: 'write the state of a stopped node, with what proves it by the genesis',
    importDescription: 'make the ledger of a stopped node from such a file, all of it checked before',
    out: 'where to write the snapshot',
    file: "a snapshot made by 'snapshot export'",
    genesis: 'genesis.cbor of the chain (default: that of the home)',
    exported: (height: number) => `state after block ${height}`,
    imported: (member: string, height: number) => `${member} begins with the state after block ${height}`,
    values: 'values',
    bytes: 'bytes',
    root: 'state root',
    vote: 'vote',
    amnesia: 'none: this key may have signed what is not remembered; give the member new keys',
    before: 'the ledger before',
  },
  {
    description: '以一个可自证的文件把账本状态带给节点',
    exportDescription: '写出已停止节点的状态，连同凭创世文件即可核对的证明',
    importDescription: '用该文件为已停止的节点建立账本，写入前全部核对',
    out: '快照文件的写入路径',
    file: '由 snapshot export 生成的快照文件',
    genesis: '该链的 genesis.cbor（默认取节点目录中的）',
    exported: (height: number) => `区块 ${height} 之后的状态`,
    imported: (member: string, height: number) => `${member} 自区块 ${height} 之后的状态开始`,
    values: '状态项',
    bytes: '字节数',
    root: '状态根',
    vote: '投票权',
    amnesia: '无：本密钥可能签过已不记得的内容，请为该成员更换密钥',
    before: '原账本',
  },
);
