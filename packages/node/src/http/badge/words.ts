import { catalogue, type Verdict } from '@qifeng/core';

/** What a badge says of a standing: the verdict on the subject, and what only a file can be. */
export type BadgeWord = Verdict['word'] | 'revised' | 'earlier-text' | 'enclosed';

/** Words of the badge; a standing has at most six Chinese or sixteen Latin characters, for which there is room. */
export const badgeWords = catalogue(
  {
    recorded: 'On ledger',
    missing: 'Not found',
    standings: {
      'never-recorded': 'no public record',
      'not-yet': 'not yet in force',
      'in-force': 'in force',
      revised: 'in force, revised',
      'earlier-text': 'earlier text',
      enclosed: 'enclosure',
      awaiting: 'pending',
      suspended: 'suspended',
      amended: 'amended',
      superseded: 'superseded',
      repealed: 'repealed',
      lapsed: 'lapsed',
      revoked: 'revoked',
      used: 'used',
      ended: 'ended',
      other: 'recorded',
    } satisfies Record<BadgeWord, string>,
    place: (height: string, date: string) => `Block ${height} · ${date}`,
    others: (count: number) => ` and ${count - 1} more`,
    noPlace: 'A sealed record is shown by its receipt',
    about: (publisher: string, time: string, height: number, index: number, count: number) =>
      `Recorded by ${publisher} at ${time} in block ${height}, log index ${index}; ${count === 1 ? '1 record' : `${count} records`} of this file.`,
    enclosed: (action: string) => `It accompanied the action “${action}” and was never the text itself.`,
    file: (digest: string) => `File ${digest}.`,
    nodesWord: "This is a node's word; the receipt proves it.",
  },
  {
    recorded: '已上链',
    missing: '未查到',
    standings: {
      'never-recorded': '无公开记录',
      'not-yet': '尚未生效',
      'in-force': '有效',
      revised: '有效（已修订）',
      'earlier-text': '旧版文本',
      enclosed: '办理附件',
      awaiting: '待完成',
      suspended: '已暂停',
      amended: '已修改',
      superseded: '已被取代',
      repealed: '已废止',
      lapsed: '已失效',
      revoked: '已撤销',
      used: '已使用',
      ended: '已终止',
      other: '已登记',
    },
    place: (height, date) => `区块 ${height} · ${date}`,
    others: count => ` 等 ${count} 家机构`,
    noPlace: '密封存证须凭其凭证查验',
    about: (publisher, time, height, index, count) =>
      `由 ${publisher} 于 ${time} 登记于区块 ${height}，日志序号 ${index}；该文件共 ${count} 条存证记录。`,
    enclosed: action => `系“${action}”的附件，从未作为标的文本。`,
    file: digest => `文件 ${digest}。`,
    nodesWord: '以上为节点所述，以存证凭证为准。',
  },
);
