/** What is known here of the entry that was refused, each as a person who reads Chinese calls it. */
export interface RefusalFacts {
  readonly profile: string;
  readonly action: string;
  readonly issuer: string;
  /** The state that the subject is in, null where no node said. */
  readonly state: string | null;
  /** The states from which the action starts. */
  readonly from: string;
  /** The field at fault, and what it should hold; null where none was found. */
  readonly field: string | null;
  readonly format: string | null;
  /** The actions that the profile has, the fields and the relations that this one has. */
  readonly actions: string;
  readonly fields: string;
  readonly relations: string;
}

/** A refusal: what it is, what to do, and what it is in terms of the entry, null where the facts do not say. */
interface RefusalWords {
  readonly says: string;
  readonly next: string;
  readonly of?: (facts: RefusalFacts) => string | null;
}

const CLOCK = '请校准本机时钟后重试';
const ENROL = '请向所属成员查询登记情况：qifeng publishers list';
const RIGHTS = '请向所属成员申请权限：qifeng publishers set';
const PROFILE = '可用 qifeng profiles 查看该业务类型的状态、事项和字段';
const STANDING = '请先查询现状：qifeng status 标的';
const FIELD = '请改正该字段后重试';
const LINK = '请用 qifeng status 查询被关联标的的最后一条记录，改正 --link 后重试';
const AGAIN = '请稍后重新运行同一命令，不会重复存证';
const MAKE_ANEW = '请在最新状态上重新提出变更，并重新批准';
const REPORT = '请用最新版本的 qifeng 重试；仍不成功请告知节点的运营方';

/** What the ledger, or a node at its door, refuses, in Chinese: each code of ERRORS.md. */
export const REFUSAL_WORDS: Readonly<Record<string, RefusalWords>> = {
  malformed: { says: '提交内容前后矛盾（条数、根、有效期，或同一标的出现两次）', next: REPORT },
  'bad-key': { says: '公钥不是规范的 Ed25519 公钥', next: '请核对公钥：qifeng keys show' },
  'bad-signature': { says: '签名不是该密钥对这一提交的签名', next: REPORT },
  expired: { says: '提交在有效期内未能入块', next: CLOCK },
  'not-yet-valid': { says: '提交的签发时间比区块时间晚 60 秒以上', next: CLOCK },
  'unknown-publisher': { says: '该发布机构未在本链登记', next: ENROL },
  'publisher-suspended': { says: '该发布机构已被暂停', next: ENROL },
  'wrong-key': {
    says: '签名所用的密钥不是该发布机构登记的密钥',
    next: '请用 --key 指定已登记的密钥，或由所属成员更换：qifeng publishers rekey',
  },
  'daily-quota': {
    says: '超出该发布机构每日可存证的条数',
    next: '请次日再试，或由所属成员调整：qifeng publishers set --quota',
  },
  'profile-not-allowed': {
    says: '该发布机构没有这一业务类型的权限',
    next: RIGHTS,
    of: ({ profile }) => `该发布机构没有业务类型${profile}的权限`,
  },
  'unknown-profile': {
    says: '本链没有这一业务类型',
    next: '可用 qifeng profiles 查看现有的业务类型',
    of: ({ profile }) => `本链没有业务类型${profile}`,
  },
  'unknown-action': {
    says: '该业务类型没有这一事项',
    next: PROFILE,
    of: ({ profile, action, actions }) =>
      `业务类型${profile}没有事项${action}${actions === '' ? '' : `，现有${actions}`}`,
  },
  'not-issuer': {
    says: '标的的首条记录或这一事项只能由标的所属的发布机构办理',
    next: '请核对标的中的发布机构代码，或改用该机构的密钥（--key）',
    of: ({ action, issuer, state }) =>
      state === null ? null : `标的的首条记录和事项${action}只能由${issuer}办理（标的现状：${state}）`,
  },
  'not-owner': {
    says: '这一事项只能由标的当前的权利人办理',
    next: '请用 qifeng status 查询当前权利人，并由其办理',
    of: ({ action }) => `事项${action}只能由标的当前的权利人办理`,
  },
  'not-entitled': {
    says: '该发布机构在这一业务类型中的角色不能办理此事项',
    next: RIGHTS,
    of: ({ profile, action }) => `该发布机构在业务类型${profile}中的角色不能办理事项${action}`,
  },
  'not-awaited': { says: '该发布机构不在待会签的机构之列', next: STANDING },
  'digest-mismatch': { says: '会签的文件与主办机构签署的文件不同', next: '请向主办机构索取原文件后会签' },
  'action-not-allowed': {
    says: '标的现在的状态不能办理这一事项',
    next: STANDING,
    of: ({ action, from, state }) =>
      from === '' || state === null ? null : `标的现状为${state}，事项${action}只能在${from}时办理`,
  },
  'wrong-prev': { says: '标的已有更新的记录：他人抢先，或同一记录发送了两次', next: AGAIN },
  'digest-required': {
    says: '这一事项必须附文件',
    next: '请在命令中写明文件',
    of: ({ action }) => `事项${action}必须附文件`,
  },
  'digest-not-allowed': {
    says: '这一事项不附文件',
    next: '请去掉命令中的文件',
    of: ({ action }) => `事项${action}不附文件`,
  },
  'secret-document': {
    says: '定有密级的文件不得上公开账本（密级须为“公开”或不填）',
    next: '请勿将涉密文件存证；确属公开的，请改正密级字段',
  },
  'unknown-field': {
    says: '这一事项没有该字段',
    next: PROFILE,
    of: ({ action, field, fields }) =>
      field === null ? null : `事项${action}没有字段${field}，现有${fields || '：无'}`,
  },
  'bad-field': {
    says: '有一个字段的值不符合格式',
    next: FIELD,
    of: ({ field, format }) =>
      field === null || format === null ? null : `字段${field}的值不符合格式：应为${format}`,
  },
  'missing-field': {
    says: '缺少必填字段',
    next: '请用 --meta 名称=值 补填',
    of: ({ field }) => (field === null ? null : `缺少必填字段${field}`),
  },
  'unknown-issuer': { says: '联合发文的某一机构未登记，或没有这一业务类型的权限', next: RIGHTS },
  'personal-data': {
    says: '文本中含有个人身份号码或手机号码，该业务类型不收个人信息',
    next: '请删去个人信息后重试',
  },
  'not-sealed': { says: '密封类型的存证不得公开标的、来源或关联', next: REPORT },
  'link-not-allowed': {
    says: '这一事项没有该关联关系',
    next: PROFILE,
    of: ({ action, relations }) => `事项${action}没有该关联关系，现有：${relations || '无'}`,
  },
  'unknown-link': { says: '被关联的标的没有记录', next: LINK },
  'wrong-subject-id': {
    says: '该业务类型以字段的值命名标的，所给编号与字段不符',
    next: '请改用原文所示的编号，或只写“类型/发布机构”，由字段得出编号',
  },
  'stale-link': { says: '关联的序号不是被关联标的的最后一条记录', next: LINK },
  'link-state': { says: '被关联标的现在的状态不能这样关联', next: LINK },
  'link-owner': { says: '各关联给标的定出了两个权利人', next: LINK },
  'missing-link': {
    says: '缺少必需的关联',
    next: '请用 --link 关系=标的 补上',
    of: ({ action, relations }) => `事项${action}缺少必需的关联，可用的关系：${relations}`,
  },
  'governance-malformed': { says: '治理记录的形式不合规定，或其标的已有记录', next: MAKE_ANEW },
  'governance-epoch': { says: '该变更针对的不是当前纪元，或该纪元已经结束', next: MAKE_ANEW },
  'governance-members': { says: '该变更所列代码不是成员，或所移除的不是验证节点', next: MAKE_ANEW },
  'governance-limit': { says: '没有变更，或一次变更的验证节点过多', next: '请分几次变更，每次不超过 f 个' },
  'governance-approvals': {
    says: '批准不足法定数，或有批准重复、次序有误、不属于该集合、未通过验证',
    next: '请补齐各验证节点的批准：qifeng-node members approve',
  },
  'governance-keys': { says: '密钥不可用、曾被使用，或属于他人', next: '请生成新的密钥后重新提出' },
  'governance-possession': {
    says: '新成员没有以新密钥对本纪元的近期检查点签名',
    next: '请由新成员重新运行 qifeng-node join',
  },
  'governance-observers': { says: '观察节点的变更与现状不符', next: MAKE_ANEW },
  'governance-evidence': { says: '所附证据不能证明任何违规', next: '请核对证据文件：qifeng audit' },
  'governance-publishers': {
    says: '发布机构的变更与现状不符：已登记、未登记、属于其他成员、其间另有变更、重复，或所给业务类型不存在',
    next: '请用 qifeng publishers list 核对后重试',
  },
  'governance-profile': {
    says: '业务类型的定义有误，或不是现有定义的下一版',
    next: '请对照 qifeng profiles 改正定义',
  },
  'governance-recorded': { says: '该成员在该纪元的违规已经记录在案', next: '无须再报' },
  overloaded: { says: '节点上等待排序的提交已满', next: AGAIN },
  'over-quota': { says: '该发布机构在这一节点上等待的提交过多，或提交过快', next: AGAIN },
};
