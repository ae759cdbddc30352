import { catalogue } from '@qifeng/core';

/** Texts of `qifeng watch`. */
export const watchMessages = catalogue(
  {
    summary: 'print records as they become final',
    description:
      "Prints each final record once and in the order of the log, as it comes or from an index on. A lost connection is taken up again where it was, with the next node if need be. What it prints is the nodes' word: `history` and `audit` verify it. With --json it prints one object a line.",
    profile: 'only records of this profile',
    publisher: 'only records of this publisher, by its unified social credit code',
    subject: 'only records of this subject: PROFILE/ISSUER/ID (parts percent-encoded)',
    from: 'begin at this log index, 0 for all (default: with the next record)',
    count: 'end after so many records',
    badValue: (option: string, value: string) => `${option} ${value}: not a value that it takes.`,
    badProfileNext: 'Give the name of a profile without its version, such as policy.',
    badPublisherNext: 'Give the 18 characters of a unified social credit code, such as 91350100M000100Y43.',
    badSubjectNext: 'Give PROFILE/ISSUER/ID, parts percent-encoded where they hold a slash.',
    badNumberNext: (least: number) => `Give a whole number, ${least} or more.`,
    following: (node: string) => `Following ${node}. Ctrl-C ends it.`,
    lost: (why: string, seconds: number) =>
      `Lost: ${why}. ${seconds === 0 ? 'Asking the next node.' : `Trying again in ${seconds} s.`}`,
    goOn: (index: number | null) =>
      index === null ? 'No node was reached yet.' : `To go on from here, add: --from ${index}`,
  },
  {
    summary: '实时显示最终确认的存证记录',
    description:
      '按日志顺序逐条显示最终确认的存证记录，每条一次；可实时显示，也可从指定序号开始。连接中断后自动从断点继续，必要时改用其他节点。所示内容为节点所述，可用 history 和 audit 核验。使用 --json 时每行输出一个对象。',
    profile: '仅显示该类型的记录',
    publisher: '仅显示该发布机构的记录（统一社会信用代码）',
    subject: '仅显示该标的的记录：类型/发布机构/编号（各部分可用百分号编码）',
    from: '从该日志序号开始，0 为全部（默认从下一条开始）',
    count: '显示指定条数后结束',
    badValue: (option: string, value: string) => `${option} ${value}：取值无效。`,
    badProfileNext: '请给出不带版本的类型名称，例如 policy。',
    badPublisherNext: '请给出 18 位统一社会信用代码，例如 91350100M000100Y43。',
    badSubjectNext: '请给出 类型/发布机构/编号，含斜杠的部分须用百分号编码。',
    badNumberNext: (least: number) => `请给出不小于 ${least} 的整数。`,
    following: (node: string) => `正在接收 ${node} 的记录，按 Ctrl-C 结束。`,
    lost: (why: string, seconds: number) =>
      `连接中断：${why}。${seconds === 0 ? '改用下一个节点。' : `${seconds} 秒后重试。`}`,
    goOn: (index: number | null) =>
      index === null ? '尚未连上任何节点。' : `如需从此处继续，请加上：--from ${index}`,
  },
);
