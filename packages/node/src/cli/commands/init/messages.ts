import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node init`. */
export const initMessages = catalogue(
  {
    description: "make a node's home: its keys and its configuration",
    member:
      'GB/T 2260 code of the member unit, such as 110000; for an observer that of its city, such as 530100, or its unified code',
    home: 'where the node keeps everything; made if it is not there',
    httpPort: 'port of the public interface',
    p2pPort: 'port for the other members',
    validatorKey: 'validator key',
    logKey: 'log key',
    p2pKey: 'p2p key',
  },
  {
    description: '创建节点目录：密钥和配置',
    member:
      '联盟成员单位的 GB/T 2260 代码，如 110000；观察节点用所在市的代码，如 530100，或其统一社会信用代码',
    home: '节点存放全部内容的目录，不存在时自动创建',
    httpPort: '公共接口的端口',
    p2pPort: '供其他成员连接的端口',
    validatorKey: '验证公钥',
    logKey: '日志公钥',
    p2pKey: '组网公钥',
  },
);
