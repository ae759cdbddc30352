import { catalogue } from '@qifeng/core';
import type { Particular } from '../../../publishers/differences.ts';

/** How many publishers of a roster came to what. */
type Tally = Readonly<Record<'enrolled' | 'proposed' | 'already' | 'refused' | 'pending', number>>;

const PARTICULARS: Readonly<Record<Particular, string>> = {
  name: '名称',
  keys: '公钥',
  roles: '权限',
  quota: '每日条数',
};

/** The commands that change what differs; none does for a name. */
function toAlter(code: string, other: readonly Particular[]): string {
  const set = ['roles', 'quota'].filter(one => other.some(particular => particular === one));
  return [
    ...(other.includes('keys') ? [`qifeng publishers rekey ${code} --public-key HEX`] : []),
    ...(set.length > 0 ? [`qifeng publishers set ${code} ${set.map(one => `--${one} …`).join(' ')}`] : []),
  ].join('; ');
}

/** Texts of `qifeng publishers`. */
export const publishersMessages = catalogue(
  {
    summary: 'enrol publishers, suspend, reinstate and re-key them, set what they may do, list them',
    description:
      'Changes of publishers are approved by their home member, with its validator key on this machine, and recorded by a publisher. For a member that is no validator a quorum of the validators approves: with --propose a file goes from one to the other.',
    addSummary: 'enrol one publisher',
    importSummary: 'enrol the publishers of a CSV file, thousands at once; can be repeated',
    suspendSummary: 'refuse what publishers sign from now on; what is recorded stays valid',
    reinstateSummary: 'let suspended publishers record again',
    rekeySummary: 'give a publisher other keys; the old ones are refused from then on',
    setSummary: 'set what publishers may do, and how many records a day',
    listSummary: 'list the publishers of the ledger',
    code: 'unified social credit code of the publisher',
    file: 'CSV in UTF-8 with a header row: code,name,home,key,roles,quota',
    name: "the publisher's name",
    member: 'code of its home member, such as 110000',
    publicKey: "the publisher's public key in hex, as qifeng keys show prints it; may be repeated",
    makeKey: 'make its key in the home where none is given: without a passphrase, for trials',
    roles:
      'what it may do: PROFILE or PROFILE:ROLE, apart by spaces, a role is issuer, actor or supervisor; all: issuer in every profile',
    rolesOfAll: 'what those of a file without a column roles may do, each of them',
    quota: 'records a day it may make, 0 for no bound',
    report: 'CSV file for the lines that were not enrolled',
    carrier: 'key of the publisher that records the change',
    nodeHome: "home of the member's node, whose validator key approves (default: <home>/nodes/<member>)",
    propose:
      'write a proposal for the members to approve, each on its own machine; no key is needed, --publisher says who will record it',
    onlySuspended: 'only those that are suspended',
    ok: 'ok',
    proposed: 'proposed',
    proposedNext: (file: string) =>
      `next: each validator that must approve: qifeng-node members approve ${file} --home DIR`,
    already: 'already',
    refused: 'refused',
    pending: 'pending',
    active: 'active',
    suspended: 'suspended',
    record: (index: number) => `record ${index}`,
    records: (count: number) => `${count} records`,
    aDay: (quota: number) => `${quota} a day`,
    nameHas: 'only those whose name has this text',
    after: 'begin after this code',
    limit: 'how many at most (default: all)',
    listed: (count: number) => `${count} publishers`,
    listedMore: (count: number, after: string) => `${count} publishers; more with --after ${after}`,
    badList: (option: string, value: string) => `${value} is no value for ${option}.`,
    badListNext: 'See the options: qifeng publishers list --help',
    line: (line: number) => `line ${line}`,
    preparing: 'preparing',
    recording: 'enrolling',
    tally: ({ enrolled, proposed, already, refused, pending }: Tally) =>
      [
        proposed > 0 ? `${proposed} proposed` : `${enrolled} enrolled`,
        `${already} already, ${refused} refused`,
        ...(pending > 0 ? [`${pending} pending`] : []),
      ].join(', '),
    notEnrolled: 'not enrolled on this chain',
    otherHome: (home: string) => `enrolled already, at home with member ${home}`,
    otherwise: (code: string, other: readonly Particular[]) =>
      `enrolled already, with another ${other.join(', ')}, and left so; ${toAlter(code, other) || 'a name stays as it was enrolled'}`,
    namedTwice: (line: number) => `the same code stands on line ${line}`,
    noKey: 'no public key is given; a trial may have keys made',
    noMemberKey: (code: string) => `No validator key that approves for member ${code} is here.`,
    noMemberKeyWhy:
      'A publisher is changed by its home member, if that is a validator, else by a quorum of the validators.',
    noMemberKeyNext:
      "Run this on the member's machine with --node-home DIR, or write a proposal for the members with --propose FILE.",
    otherChain: (node: string) => `${node} keeps another chain than that of the genesis.`,
    otherChainNext: 'Name a node of the chain with --node, or its genesis with --genesis.',
    nothingToSet: 'Neither --roles nor --quota was given.',
    mistakeNext: 'Correct it; see qifeng publishers --help.',
    notUtf8: (file: string) => `${file} is not UTF-8.`,
    notUtf8Next: 'Save it as CSV in UTF-8.',
    empty: 'the file is empty',
    headerNext:
      'The first line names the columns: code,name,home,key,roles,quota (key may be left out, and roles with --roles).',
  },
  {
    summary: '登记、暂停、恢复发布机构，更换密钥，设定权限，列出发布机构',
    description:
      '发布机构的变更由其所属成员以本机上的验证节点密钥批准，并由一个发布机构记入账本。所属成员不是验证节点时，由法定数量的验证节点批准：以 --propose 写出文件，依次传递。',
    addSummary: '登记一个发布机构',
    importSummary: '批量登记 CSV 文件中的发布机构，可一次数万家，可重复运行',
    suspendSummary: '暂停发布机构：此后的签名一律拒绝，已有存证仍然有效',
    reinstateSummary: '恢复已暂停的发布机构',
    rekeySummary: '更换发布机构的密钥，旧密钥此后被拒绝',
    setSummary: '设定发布机构的权限和每日条数',
    listSummary: '列出账本上的发布机构',
    code: '发布机构的统一社会信用代码',
    file: 'UTF-8 编码、带表头的 CSV：code,name,home,key,roles,quota',
    name: '发布机构名称',
    member: '所属成员的代码，例如 110000',
    publicKey: '发布机构的十六进制公钥（见 qifeng keys show），可重复给出',
    makeKey: '未给出公钥时在密钥目录中生成密钥：不设口令，仅供试用',
    roles:
      '权限：类型 或 类型:角色，以空格分隔；角色为 issuer、actor、supervisor；all 为所有业务类型的发布方',
    rolesOfAll: '文件没有 roles 列时，各行共同的权限',
    quota: '每日可存证条数，0 为不限',
    report: '写出未登记各行的 CSV 文件',
    carrier: '记录该变更的发布机构的密钥',
    nodeHome: '成员节点的目录，以其验证节点密钥批准（默认 <home>/nodes/<成员>）',
    propose: '写出提案文件，由各成员在各自机器上批准；无须密钥，以 --publisher 指定记录方',
    onlySuspended: '只列出已暂停的',
    ok: '完成',
    proposed: '已提案',
    proposedNext: (file: string) =>
      `下一步：由须批准的各验证节点运行 qifeng-node members approve ${file} --home DIR`,
    already: '已登记',
    refused: '被拒绝',
    pending: '待确认',
    active: '正常',
    suspended: '已暂停',
    record: (index: number) => `序号 ${index}`,
    records: (count: number) => `${count} 条存证`,
    aDay: (quota: number) => `每日 ${quota} 条`,
    nameHas: '仅列名称含此文字的',
    after: '从该代码之后开始',
    limit: '最多列出的家数（默认全部）',
    listed: (count: number) => `共 ${count} 家发布机构`,
    listedMore: (count: number, after: string) => `已列 ${count} 家发布机构，其余见 --after ${after}`,
    badList: (option: string, value: string) => `${value} 不能用于 ${option}。`,
    badListNext: '选项说明：qifeng publishers list --help',
    line: (line: number) => `第 ${line} 行`,
    preparing: '准备',
    recording: '登记',
    tally: ({ enrolled, proposed, already, refused, pending }: Tally) =>
      [
        proposed > 0 ? `已提案 ${proposed} 家` : `登记 ${enrolled} 家`,
        `已登记 ${already} 家，拒绝 ${refused} 行`,
        ...(pending > 0 ? [`待确认 ${pending} 家`] : []),
      ].join('，'),
    notEnrolled: '未在本链登记',
    otherHome: (home: string) => `已登记，所属成员为 ${home}`,
    otherwise: (code: string, other: readonly Particular[]) =>
      `已登记，但${other.map(one => PARTICULARS[one]).join('、')}不同，未作更改；${toAlter(code, other) || '名称登记后不可更改'}`,
    namedTwice: (line: number) => `与第 ${line} 行的代码相同`,
    noKey: '没有给出公钥；试用时可生成密钥',
    noMemberKey: (code: string) => `本机没有可代表成员 ${code} 批准的验证节点密钥。`,
    noMemberKeyWhy: '发布机构由其所属成员变更（须为验证节点），否则由法定数量的验证节点变更。',
    noMemberKeyNext:
      '请在该成员的机器上运行，并用 --node-home 指定节点目录；或用 --propose 写出提案，交各成员批准。',
    otherChain: (node: string) => `${node} 上的链与创世文件不是同一条。`,
    otherChainNext: '请用 --node 指定该链的节点，或用 --genesis 指定其创世文件。',
    nothingToSet: '没有给出 --roles 或 --quota。',
    mistakeNext: '请改正后重试，参见 qifeng publishers --help。',
    notUtf8: (file: string) => `${file} 不是 UTF-8 编码。`,
    notUtf8Next: '请另存为 UTF-8 编码的 CSV。',
    empty: '文件为空',
    headerNext: '首行为列名：code,name,home,key,roles,quota（key 可省略，给出 --roles 时 roles 也可省略）。',
  },
);
