import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node join`. */
export const joinMessages = catalogue(
  {
    description:
      'ask the members for a vote: sign the newest final checkpoint of a node that runs and has caught up',
    out: 'where to write the request for the members (default: HOME/join-request)',
    address: 'multiaddress at which the members reach this node (default: host and port of config.toml)',
    newKeys: 'first give a stopped node new keys to vote with, in place of lost or amnesiac ones',
    replaced: (member: string) => `${member} has new keys to vote with`,
    key: 'validator key',
    nextStart: (home: string) => `qifeng-node start --home ${home}, then qifeng-node join --home ${home}`,
    asks: (member: string, epoch: number) => `${member} asks for a vote from epoch ${epoch + 1} on`,
    signed: 'signed checkpoint of block',
    next: (file: string) =>
      `within 100 blocks, a validator: qifeng-node members propose --add ${file} --genesis FILE --out FILE`,
  },
  {
    description: '向成员申请投票：由正在运行且已追上的节点签署最新的最终检查点',
    out: '给成员的申请文件的写入路径（默认 HOME/join-request）',
    address: '成员连接本节点所用的 multiaddress（默认取 config.toml 的主机和端口）',
    newKeys: '先为已停止的节点更换投票密钥，以替代丢失的或失忆的密钥',
    replaced: (member: string) => `${member} 已更换投票密钥`,
    key: '验证公钥',
    nextStart: (home: string) => `qifeng-node start --home ${home}，然后 qifeng-node join --home ${home}`,
    asks: (member: string, epoch: number) => `${member} 申请自纪元 ${epoch + 1} 起投票`,
    signed: '已签署检查点的区块',
    next: (file: string) =>
      `100 个区块之内由验证节点提出：qifeng-node members propose --add ${file} --genesis FILE --out FILE`,
  },
);
