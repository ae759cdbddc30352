import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node observer`. */
export const observerMessages = catalogue(
  {
    description:
      'let a node follow a chain without a vote: take its genesis, and ask the members to be admitted',
    genesis: 'genesis.cbor of the chain',
    out: 'where to write the request for the members',
    name: 'name of an observer that is no member, for people (default: its code)',
    address: 'multiaddress at which the members reach this node (default: host and port of config.toml)',
    written: (member: string) => `${member} asks to follow the chain`,
    chain: 'genesis',
    key: 'network key',
    addresses: 'addresses',
    next: (file: string) =>
      `a validator: qifeng-node members propose --admit ${file} --carrier USCC --genesis FILE --out FILE; once recorded: qifeng-node start`,
  },
  {
    description: '使节点跟随一条链而不投票：存入其创世文件，并向成员申请接纳',
    genesis: '该链的 genesis.cbor',
    out: '给成员的申请文件的写入路径',
    name: '非成员观察节点的名称，供人阅读（默认取其代码）',
    address: '成员连接本节点所用的 multiaddress（默认取 config.toml 的主机和端口）',
    written: (member: string) => `${member} 申请跟随该链`,
    chain: '创世哈希',
    key: '组网公钥',
    addresses: '地址',
    next: (file: string) =>
      `由验证节点提出：qifeng-node members propose --admit ${file} --carrier USCC --genesis FILE --out FILE；记入账本后：qifeng-node start`,
  },
);
