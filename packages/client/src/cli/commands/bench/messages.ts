import { catalogue } from '@qifeng/core';

/** Texts of `qifeng bench`. */
export const benchMessages = catalogue(
  {
    summary: 'load a running network, and compare hashing and verifying here with their limits',
    description:
      'Publishes documents that nobody has, each client its next when the last is final, and tells how many became final in a second and how long the receipts took. The records stay on the ledger: use a network for trials. Then it measures hashing and verifying on this machine beside what the machine does at most.',
    duration: 'how long it counts: 10s, 1m (default: 10s)',
    clients: 'submissions under way at a time, 1 to 256 (default: 16)',
    entries: 'records in a submission, 1 to 256 (default: 1)',
    badNumber: (option: string, value: string) => `${option} ${value}: not a number from 1 to 256.`,
    badNumberNext: 'Give a number from 1 to 256.',
    refused: 'The ledger refuses the records of the load.',
    refusedNext: 'Name the key of an active publisher that may publish in the profile policy, with --key.',
    headline: (url: string) => `load on ${url}`,
    more: (count: number) => ` and ${count} more`,
    rate: 'final records',
    aSecond: (value: string) => `${value} a second`,
    receiptIn: 'receipt in',
    latency: (p50: string, p99: string) => `${p50} ms (p50), ${p99} ms (p99)`,
    counted: 'counted',
    countedFor: (done: number, seconds: string, clients: number, entries: number) =>
      `${done} submissions of ${entries} by ${clients} clients in ${seconds} s`,
    others: 'not final',
    receipts: 'receipts',
    sound: (count: number) => `${count} verified`,
    unsound: (code: string) => `false: ${code}`,
    speedsOf: 'this machine, one thread',
    speeds: {
      'leaf-hashes': ['leaf hashes a second', 'bare hash calls'],
      'log-root': ['leaves a second to a log root', 'bare hash calls'],
      signatures: ['signatures a second verified', 'bare verification calls'],
    },
    ofLimit: (ratio: string, limit: string, value: string) => `${ratio} of ${limit} (${value})`,
  },
  {
    summary: '对运行中的网络加压，并把本机的哈希与验证速度同其极限相比',
    description:
      '发布无人持有的文件，每个客户端在前一条最终确认后发送下一条，给出每秒最终确认的条数和取得凭证所需时间。这些存证会留在账本上：请用试验网络。随后测量本机哈希与验证的速度，并与本机极限对照。',
    duration: '计数时长：10s、1m（默认 10s）',
    clients: '同时在途的提交数，1 至 256（默认 16）',
    entries: '每次提交的存证条数，1 至 256（默认 1）',
    badNumber: (option: string, value: string) => `${option} ${value}：不是 1 至 256 的整数。`,
    badNumberNext: '请给出 1 至 256 的整数。',
    refused: '账本拒绝加压所用的存证。',
    refusedNext: '请用 --key 指定可在 policy 类型发布、状态正常的发布机构的密钥。',
    headline: (url: string) => `对 ${url} 加压`,
    more: (count: number) => ` 等另外 ${count} 个节点`,
    rate: '最终确认',
    aSecond: (value: string) => `每秒 ${value} 条`,
    receiptIn: '取得凭证',
    latency: (p50: string, p99: string) => `${p50} 毫秒（p50），${p99} 毫秒（p99）`,
    counted: '计数',
    countedFor: (done: number, seconds: string, clients: number, entries: number) =>
      `${clients} 个客户端在 ${seconds} 秒内提交 ${done} 次，每次 ${entries} 条`,
    others: '未最终确认',
    receipts: '凭证',
    sound: (count: number) => `${count} 份通过验证`,
    unsound: (code: string) => `不实：${code}`,
    speedsOf: '本机，单线程',
    speeds: {
      'leaf-hashes': ['每秒叶子哈希', '仅调用哈希'],
      'log-root': ['每秒计入日志根的叶子', '仅调用哈希'],
      signatures: ['每秒验证签名', '仅调用验签'],
    },
    ofLimit: (ratio: string, limit: string, value: string) => `为${limit}（${value}）的 ${ratio}`,
  },
);
