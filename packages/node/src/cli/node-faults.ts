import { CliError, catalogue, EXIT, type Lang } from '@qifeng/core';
import { ConfigError } from '../config/config.ts';
import { KeyError } from '../config/node-keys.ts';
import { CommandFault, fault } from './complaints.ts';

const OPERATIONS = 'docs/OPERATIONS.md';

/** What an error of the running node means, and what to do about it: what it says itself is the reason. */
const nodeFaults = catalogue(
  {
    amnesia: ['This key has signed before, and its log is gone.', `Read "Amnesia" in ${OPERATIONS}.`],
    'store-failed': [
      'The store cannot be opened or read.',
      'Look at disk and permissions; if these are sound: qifeng-node repair --home DIR',
    ],
    'store-in-use': [
      'Another process has this store open: mostly the node itself.',
      'Stop the node, then run the command again: in a local network, qifeng-node cluster stop N',
    ],
    'store-damaged': ['The store is damaged.', 'Stop the node and mend it: qifeng-node repair --home DIR'],
    'store-behind-log': [
      'The ledger ends before the epoch that the log is of.',
      'Stop the node and mend it: qifeng-node repair --home DIR',
    ],
    'store-other-chain': [
      'The store is of another chain.',
      'Put the genesis.cbor back that it was made for.',
    ],
    'store-version': ['The store is of another release.', 'Use the release that wrote it.'],
    'log-failed': ['The write-ahead log cannot be read or written.', 'Look at disk and permissions.'],
    'log-damaged': ['The write-ahead log is damaged.', 'Set it aside: qifeng-node repair --home DIR'],
    'guard-failed': ['The guard file cannot be read or written.', 'Look at disk and permissions.'],
    'guard-damaged': ['The guard file is damaged.', 'Set it aside: qifeng-node repair --home DIR'],
    'p2p-key-mismatch': [
      'The p2p key is not the one that the genesis names.',
      'Restore keys/p2p.pem from a backup.',
    ],
    'address-malformed': ['An address in the genesis is not one.', 'Ask its maker for a new genesis.'],
    'listen-failed': [
      'The p2p port cannot be listened on.',
      'Stop what listens there, or set p2p.port in config.toml.',
    ],
    'port-taken': [
      'A port is taken.',
      'Stop what listens there, or set http.port, or admin.port, in config.toml.',
    ],
    'pool-worker-died': ['A verification thread died.', 'Start the node again; look at memory.'],
    'pool-closed': ['The verification threads were closed.', 'Start the node again.'],
  },
  {
    amnesia: ['本密钥曾经签名，但其日志已丢失。', `请阅读 ${OPERATIONS} 的 “Amnesia” 一节。`],
    'store-failed': ['无法打开或读取存储。', '请检查磁盘和权限；若均无问题：qifeng-node repair --home DIR'],
    'store-in-use': [
      '另一进程正在使用该存储，通常是节点本身。',
      '请停止节点后重试；本机网络可用 qifeng-node cluster stop N',
    ],
    'store-damaged': ['存储已损坏。', '请停止节点后修复：qifeng-node repair --home DIR'],
    'store-behind-log': ['账本止于日志所属纪元之前。', '请停止节点后修复：qifeng-node repair --home DIR'],
    'store-other-chain': ['存储属于另一条链。', '请放回生成该存储时所用的 genesis.cbor。'],
    'store-version': ['存储由其他版本写入。', '请使用写入它的版本。'],
    'log-failed': ['无法读写预写日志。', '请检查磁盘和权限。'],
    'log-damaged': ['预写日志已损坏。', '请将其移开：qifeng-node repair --home DIR'],
    'guard-failed': ['无法读写防双签文件。', '请检查磁盘和权限。'],
    'guard-damaged': ['防双签文件已损坏。', '请将其移开：qifeng-node repair --home DIR'],
    'p2p-key-mismatch': ['组网密钥与创世文件所载不符。', '请从备份恢复 keys/p2p.pem。'],
    'address-malformed': ['创世文件中有无效的地址。', '请向制作方索取新的创世文件。'],
    'listen-failed': ['无法监听组网端口。', '请停止占用该端口的程序，或在 config.toml 中修改 p2p.port。'],
    'port-taken': [
      '端口已被占用。',
      '请停止占用该端口的程序，或在 config.toml 中修改 http.port 或 admin.port。',
    ],
    'pool-worker-died': ['验签线程意外退出。', '请重新启动节点，并检查内存。'],
    'pool-closed': ['验签线程已关闭。', '请重新启动节点。'],
  },
);

type NodeFaultCode = keyof ReturnType<typeof nodeFaults>;

/** An error of the node's own modules or of the file system as a complaint; null for one that nobody foresaw. */
export function explainError(error: unknown, lang: Lang): CliError | null {
  if (error instanceof CommandFault) return error.said(lang);
  if (error instanceof ConfigError) return fault('bad-config', error.message).said(lang);
  if (error instanceof KeyError) return fault(error.code, error.file).said(lang);
  if (!(error instanceof Error)) return null;
  const { path, code: given } = error as NodeJS.ErrnoException;
  const code = given === 'EADDRINUSE' ? 'port-taken' : given;
  const texts: Readonly<Record<string, readonly string[]>> = nodeFaults(lang);
  if (code !== undefined && code in texts) {
    const [what, next] = nodeFaults(lang)[code as NodeFaultCode] as [string, string];
    const why = error.message.replace(`${code}: `, '');
    const exit = code === 'store-in-use' ? EXIT.usage : EXIT.refuted;
    return new CliError(exit, code, { what, why, next });
  }
  return path === undefined || code === undefined ? null : fault('file-failed', path, code).said(lang);
}
