import { catalogue } from '@qifeng/core';

/** Texts of `qifeng search`. */
export const searchMessages = catalogue(
  {
    summary: 'find records by words, number, issuer, region, standing or date',
    description:
      "Finds subjects by their last records, newest first: words in titles, numbers, issuers’ names and other texts, Chinese as it stands. Every option narrows the search. What is found is the node's word: `qifeng status` and `qifeng history` prove it.",
    text: 'words that must all be found, at least two characters of Chinese',
    number: 'document number (发文字号), brackets of any kind',
    issuer: 'issuer, a unified social credit code or words of its name',
    region: 'GB/T 2260 code of six digits; what is in the division is found too',
    profile: 'profile by name or title, such as policy',
    state: 'recorded state by name or title, such as in-force, whatever the dates of validity say',
    standing:
      'what the standing comes to, dates of validity included: in-force (amended or not), not-yet, awaiting, suspended, amended, superseded, repealed, lapsed, revoked, used, ended or other',
    at: 'judge standings as on this day, YYYY-MM-DD in China (default: today); by the records as they are now',
    digest: 'digest of a file, ALG:HEX',
    from: 'first date, YYYY-MM-DD, of the document or else of its record',
    to: 'last date, YYYY-MM-DD',
    all: 'also records that have a later one',
    limit: 'how many at most, 1 to 256 (default 64)',
    cursor: 'go on from here, as the page before says',
    nothing: 'Nothing was found.',
    nothingLast:
      'Looked at were the last records of subjects, with the titles that hold. With --all earlier versions are found too, also by a title that holds no more.',
    nothingHere: 'Nothing was found on this page; there is more to look through.',
    bad: (option: string, value: string) => `${value} is no value for ${option}.`,
    badNext: 'See the options: qifeng search --help',
    badCursor: 'The search cannot go on from there.',
    badCursorNext: 'Begin it again without --cursor.',
    earlier: 'has a later record',
    covers: (from: number, to: number, time: string, at: string) =>
      `records ${from} to ${to - 1}, as this node had them at ${time}; standings as on ${at}`,
    coversNone: 'this node has no record yet',
    next: 'more',
  },
  {
    summary: '按词语、文号、发布机构、地区、效力或日期检索',
    description:
      '按各标的的最后一条记录检索，最新的在前：在标题、文号、发布机构名称等文字中查找词语，中文按原样匹配。每个选项都缩小范围。结果为节点所述；可用 qifeng status 和 qifeng history 核验。',
    text: '须全部出现的词语，中文至少两个字',
    number: '发文字号，括号形式不限',
    issuer: '发布机构的统一社会信用代码，或其名称中的词语',
    region: '六位行政区划代码（GB/T 2260），含其下级',
    profile: '业务类型的名称，如 政策文件 或 policy',
    state: '记录的状态，名称如 有效 或 in-force，不论有效期',
    standing:
      '效力，计入有效期：in-force（有效，含已修改）、not-yet（尚未生效）、awaiting、suspended、amended、superseded、repealed（废止）、lapsed（失效）、revoked、used、ended 或 other',
    at: '按该日判断效力，YYYY-MM-DD，北京时间（默认当天）；依现有记录',
    digest: '文件摘要，算法:十六进制',
    from: '起始日期 YYYY-MM-DD，文件日期，无则为上链日期',
    to: '截止日期 YYYY-MM-DD',
    all: '包括已有后续记录的记录',
    limit: '最多条数，1 至 256（默认 64）',
    cursor: '从上一页给出的位置继续',
    nothing: '没有找到。',
    nothingLast:
      '仅检索了各标的的最后一条记录及其现行标题。加 --all 可一并检索早先的记录，包括以曾用标题查找。',
    nothingHere: '本页没有找到，后面还有未检索的记录。',
    bad: (option: string, value: string) => `${value} 不能用于 ${option}。`,
    badNext: '选项说明：qifeng search --help',
    badCursor: '无法从该位置继续检索。',
    badCursorNext: '请去掉 --cursor 重新检索。',
    earlier: '已有后续记录',
    covers: (from: number, to: number, time: string, at: string) =>
      `检索范围：记录 ${from} 至 ${to - 1}，本节点 ${time} 所存；效力按 ${at} 判断`,
    coversNone: '本节点尚无记录',
    next: '下一页',
  },
);
