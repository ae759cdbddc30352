import { catalogue } from '@qifeng/core';

/** Texts of `qifeng act`. */
export const actMessages = catalogue(
  {
    summary: 'go on with the history of a subject: amend, repeal, revoke, book, …',
    description:
      "Records an action of the subject's profile, after the last record that a node knows of it, and keeps the receipt.",
    subject:
      'PROFILE/ISSUER/ID, parts percent-encoded where they hold a slash or a percent sign; PROFILE/ISSUER where the fields name it, as those of a bill do',
    action: 'an action of the profile, by name or title; see: qifeng profiles',
    file: 'the file it is about, where the action takes one',
    link: 'a related subject, as REL=PROFILE/ISSUER/ID: by its last record that a node knows, or by @INDEX behind it; may be repeated',
    prev: 'log index of the last record of the subject that was seen: the action is refused if there is a later one',
    receipts: 'folder for the receipt (default: beside the file, else <home>/receipts)',
    seeHelp: 'See: qifeng act --help',
    possible: (state: string, actions: string) =>
      `${state === 'none' ? 'It has no record yet' : `It is ${state}`}; possible now: ${actions || 'nothing more'}.`,
    badSubject: (text: string) => `${text} is not PROFILE/ISSUER/ID.`,
    unnamed: (text: string, naming: readonly string[]) =>
      `${text} has no id, and no --meta ${naming.join(' and ')} names it.`,
    badSubjectNext:
      'For example: policy/91350100M000100Y43/演发〔2026〕1号; a slash in a part is written %2F.',
    badLink: (text: string) => `--link ${text} is not REL=PROFILE/ISSUER/ID or REL=PROFILE/ISSUER/ID@INDEX.`,
    badLinkNext: 'For example: --link repealed-by=policy/91350100M000100Y43/演发〔2026〕2号',
    noLinked: (text: string) => `--link ${text}: the node knows no record of this subject.`,
    noLinkedNext: 'Check the spelling; qifeng search finds subjects.',
    badPrev: (text: string) => `--prev ${text} is not a log index.`,
    badPrevNext: 'Write the number that qifeng status tells as the last record.',
  },
  {
    summary: '继续某一标的的历史：修改、废止、撤销、入账等',
    description: '在节点所知的最后一条记录之后，登记该类型允许的事项，并保存凭证。',
    subject:
      '类型/发布机构/编号，其中的斜杠和百分号需写成百分号编码；由字段决定编号的（如票据）可只写 类型/发布机构',
    action: '该类型的事项，中文或英文名称，见 qifeng profiles',
    file: '该事项涉及的文件（如有）',
    link: '相关标的，写作 关系=类型/发布机构/编号，取节点所知的最后一条记录，也可在其后写 @序号；可重复给出',
    prev: '所见该标的最后一条记录的序号：其后若已有新记录，则该事项被拒绝',
    receipts: '存放凭证的目录（默认在文件旁边，无文件时为 <home>/receipts）',
    seeHelp: '参见 qifeng act --help',
    possible: (state: string, actions: string) =>
      `${state === 'none' ? '该标的尚无记录' : `现处状态 ${state}`}，可办理的事项：${actions || '无'}。`,
    badSubject: (text: string) => `${text} 不是 类型/发布机构/编号 的形式。`,
    unnamed: (text: string, naming: readonly string[]) =>
      `${text} 没有编号，--meta 也未给出决定编号的字段 ${naming.join('、')}。`,
    badSubjectNext: '例如 policy/91350100M000100Y43/演发〔2026〕1号；其中的斜杠写作 %2F。',
    badLink: (text: string) =>
      `--link ${text} 不是 关系=类型/发布机构/编号 或 关系=类型/发布机构/编号@序号 的形式。`,
    badLinkNext: '例如 --link repealed-by=policy/91350100M000100Y43/演发〔2026〕2号',
    noLinked: (text: string) => `--link ${text}：节点上没有该标的的记录。`,
    noLinkedNext: '请检查拼写，可用 qifeng search 检索标的。',
    badPrev: (text: string) => `--prev ${text} 不是日志序号。`,
    badPrevNext: '请写 qifeng status 所示最后一条记录的序号。',
  },
);
