import { catalogue } from '@qifeng/core';

/** Texts that several commands share, beside those about calling a command (`shellMessages`). */
export const commonMessages = catalogue(
  {
    tagline: 'Qifeng 骑缝: run the node of a member province.',
    exitCodeList: [
      '0    done',
      '1    something is false or damaged',
      '2    wrong usage or configuration',
      '3    not ready in time',
      '70   a fault that stopped the node',
    ],
    home: 'home of the network (default: QIFENG_HOME, else ./.qifeng)',
    nodeHome: "the node's home",
    noPassphrase: 'leave the new keys unencrypted: for trials',
    askNewPassphrase: (home: string) => `Passphrase for the keys of ${home}: `,
    askPassphrase: (file: string) => `Passphrase of ${file}: `,
    askAgain: 'The same again: ',
    emptyPassphrase: 'The passphrase is empty.',
    orPlain: 'Run the command again; --no-passphrase leaves the keys unencrypted.',
    passphrasesDiffer: 'The two passphrases differ.',
    runAgain: 'Run the command again.',
    plainKeys: (home: string) =>
      `Warning: the keys in ${home} are not encrypted: whoever reads them can vote. Set QIFENG_NODE_PASSPHRASE or QIFENG_NODE_PASSPHRASE_FILE before they are made, or encrypt them as docs/OPERATIONS.md says; --no-passphrase says that it is meant.`,
  },
  {
    tagline: '骑缝 Qifeng：运行联盟成员的节点。',
    exitCodeList: [
      '0    完成',
      '1    不实或已损坏',
      '2    用法或配置有误',
      '3    未能按时就绪',
      '70   使节点停止的故障',
    ],
    home: '网络所在目录（默认 QIFENG_HOME，其次为 ./.qifeng）',
    nodeHome: '节点目录',
    noPassphrase: '新密钥不加密（仅用于试用）',
    askNewPassphrase: (home: string) => `请为 ${home} 的密钥设置口令：`,
    askPassphrase: (file: string) => `请输入 ${file} 的口令：`,
    askAgain: '请再输入一次：',
    emptyPassphrase: '口令为空。',
    orPlain: '请重新运行；如不加密，请加 --no-passphrase。',
    passphrasesDiffer: '两次输入的口令不一致。',
    runAgain: '请重新运行。',
    plainKeys: (home: string) =>
      `警告：${home} 的密钥未加密，能读到者即可投票。请在创建前设置 QIFENG_NODE_PASSPHRASE 或 QIFENG_NODE_PASSPHRASE_FILE，或按 docs/OPERATIONS.md 加密；确实不加密时请加 --no-passphrase。`,
  },
);
