import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node restore`. */
export const restoreMessages = catalogue(
  {
    description: "make a node's home from a backup, all of it checked before; the key has no vote any more",
    file: "a file of 'backup'",
    home: 'home to make: a folder that is not there, or holds nothing',
    keys: 'folder with validator.pem, log.pem and p2p.pem, if the backup holds no keys',
    genesis: 'genesis.cbor that the backup must be of (default: the one in it)',
    restored: (member: string, height: number) => `${member} up to block ${height}`,
    chain: 'genesis hash',
    vote: 'vote',
    amnesia: 'none: what this key signed after the backup is not known; give the member new keys',
  },
  {
    description: '从备份建立节点目录，建立前全部核对；其密钥不再有投票权',
    file: '由 backup 写出的文件',
    home: '要建立的目录：须不存在或为空',
    keys: '存有 validator.pem、log.pem 和 p2p.pem 的目录，备份中没有密钥时需要',
    genesis: '备份所属链的 genesis.cbor（默认取备份中的）',
    restored: (member: string, height: number) => `${member}，至区块 ${height}`,
    chain: '创世哈希',
    vote: '投票权',
    amnesia: '无：本密钥在备份之后签过什么已不可知，请为该成员更换密钥',
  },
);
