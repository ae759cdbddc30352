import { catalogue } from '@qifeng/core';

/** Texts of `qifeng keys`. */
export const keysMessages = catalogue(
  {
    summary: "make, show and encrypt publishers' keys",
    description:
      "A publisher's Ed25519 key signs what it records. It is kept in <home>/keys/<uscc>.pem, encrypted, readable by its owner only.",
    newSummary: 'make a key',
    newDescription:
      'Makes a key for a publisher. It is encrypted with a passphrase from --passphrase-file, QIFENG_PASSPHRASE or the terminal. A key that exists is never replaced.',
    publisher: 'uscc (unified social credit code) of the publisher',
    makeDefault: 'sign with this key where none is named',
    noPassphrase: 'leave the key unencrypted: for demonstrations',
    showSummary: 'show a public key',
    showDescription: 'Shows whose a key is, its public half, and what the home member needs to enrol it.',
    encryptSummary: 'encrypt a key that has no passphrase',
    encryptDescription: 'Encrypts an unencrypted key in its place. The key itself stays the same.',
    made: 'key made',
    nowEncrypted: 'key encrypted',
    publisherRow: 'publisher',
    publicKeyRow: 'public key',
    fileRow: 'file',
    encryptedRow: 'encrypted',
    yes: 'yes',
    no: 'no',
    handOver:
      'To be enrolled, hand this line to your home member (provincial unit), over a channel it can trust:',
    keyExists: (path: string) => `There is a key already: ${path}.`,
    keyExistsNext: 'Use it, or move it away first. A lost key cannot be made again.',
    alreadyEncrypted: (path: string) => `The key ${path} is encrypted already.`,
    alreadyEncryptedNext: 'Nothing is left to do.',
  },
  {
    summary: '创建、查看和加密发布机构密钥',
    description:
      '发布机构用 Ed25519 密钥为存证签名，保存在 <home>/keys/<统一社会信用代码>.pem，加密且仅所有者可读。',
    newSummary: '创建密钥',
    newDescription:
      '为发布机构创建密钥，用 --passphrase-file、QIFENG_PASSPHRASE 或终端输入的口令加密。不会覆盖已有密钥。',
    publisher: '发布机构的统一社会信用代码',
    makeDefault: '未指定密钥时用它签名',
    noPassphrase: '不加密（仅用于演示）',
    showSummary: '查看公钥',
    showDescription: '显示密钥所属机构、公钥，以及登记时需交给归属成员的内容。',
    encryptSummary: '为没有口令的密钥加密',
    encryptDescription: '就地加密尚未加密的密钥，密钥本身不变。',
    made: '密钥已创建',
    nowEncrypted: '密钥已加密',
    publisherRow: '发布机构',
    publicKeyRow: '公钥',
    fileRow: '文件',
    encryptedRow: '已加密',
    yes: '是',
    no: '否',
    handOver: '登记时，请通过可信渠道将下面一行交给归属成员（省级单位）：',
    keyExists: (path: string) => `密钥已存在：${path}。`,
    keyExistsNext: '请直接使用，或先移走。密钥丢失后无法再生成。',
    alreadyEncrypted: (path: string) => `密钥 ${path} 已经加密。`,
    alreadyEncryptedNext: '无需再做任何操作。',
  },
);
