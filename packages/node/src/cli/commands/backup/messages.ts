import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node backup`. */
export const backupMessages = catalogue(
  {
    description: 'write the ledger and settings of a stopped node into one file, its store checked before',
    out: 'file to write, or a folder for one named after member and block',
    withKeys:
      'the three private keys too, as they are in the home: the file is then for its owner alone (0600)',
    saved: (member: string, height: number) => `${member} up to block ${height}`,
    bytes: 'bytes',
    keys: 'keys',
    within: 'in this file, as they are in the home: keep it under lock',
    apart: 'not in this file: keep keys/*.pem apart, restore needs them',
    later: 'once restored',
    noVote: 'the node follows without a vote until the member has new keys',
  },
  {
    description: '把已停止节点的账本和设置写入一个文件，写入前核对其存储',
    out: '要写入的文件；若为目录，则按成员和区块命名',
    withKeys: '按节点目录中的原样一并写入三个私钥；文件仅所有者可读写（0600）',
    saved: (member: string, height: number) => `${member}，至区块 ${height}`,
    bytes: '字节数',
    keys: '密钥',
    within: '在此文件中，与节点目录中的原样相同：请妥善保管',
    apart: '不在此文件中：请另行保管 keys/*.pem，恢复时需要',
    later: '恢复之后',
    noVote: '节点只跟随、不投票，直至该成员更换密钥',
  },
);
