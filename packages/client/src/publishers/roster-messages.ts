import { catalogue } from '@qifeng/core';

/** What is wrong with a roster, or with a publisher as a line or a command describes it. */
export const rosterMessages = catalogue(
  {
    unknownColumn: (name: string, all: string) => `${name}: the columns are ${all}`,
    columnTwice: (name: string) => `column ${name} is there twice`,
    noColumn: (name: string) => `there is no column ${name}`,
    noRolesColumn: 'there is no column roles; --roles says what holds for all lines',
    rolesTwice: 'there is a column roles, and --roles for all lines: one of them',
    cells: (found: number, wanted: number) => `${found} fields, the header has ${wanted}`,
    badUscc: (text: string) => `${text} is not a unified social credit code`,
    badName: 'a name has 1 to 256 bytes and no control characters',
    personalName: 'a name holds no number of a person',
    secretName: 'a name bears no 密级 (secrecy marking)',
    badHome: (text: string) => `${text} is no member of this chain`,
    badRole: (text: string) =>
      `${text}: expected PROFILE or PROFILE:ROLE, a role is one of issuer, actor, supervisor`,
    noRoles:
      'no roles: write PROFILE or PROFILE:ROLE, or all for issuer in every profile, also those to come',
    allAndMore: 'all stands alone: it is issuer in every profile',
    badQuota: (text: string) => `${text} is not a number of records a day`,
    badKey: (text: string) => `${text} is not an Ed25519 public key in 64 hex digits`,
    manyKeys: 'at most 8 keys',
  },
  {
    unknownColumn: (name: string, all: string) => `没有“${name}”这一列，列名为 ${all}`,
    columnTwice: (name: string) => `列 ${name} 出现两次`,
    noColumn: (name: string) => `缺少列 ${name}`,
    noRolesColumn: '缺少列 roles；各行相同的可用 --roles 给出',
    rolesTwice: '已有 roles 列，又给出了 --roles，只能取其一',
    cells: (found: number, wanted: number) => `该行有 ${found} 格，首行有 ${wanted} 格`,
    badUscc: (text: string) => `“${text}”不是有效的统一社会信用代码`,
    badName: '名称应为 1 至 256 字节，不含控制字符',
    personalName: '名称中含有个人号码（身份证号、电话等）',
    secretName: '名称中带有密级标志',
    badHome: (text: string) => `“${text}”不是本链的成员代码`,
    badRole: (text: string) =>
      `“${text}”不是权限：应为 类型 或 类型:角色，角色为 issuer、actor、supervisor 之一`,
    noRoles: '没有写权限：请写 类型 或 类型:角色；所有业务类型（含今后新增的）的发布方写 all',
    allAndMore: 'all 须单独写，即所有业务类型的发布方',
    badQuota: (text: string) => `“${text}”不是每日条数，应为不小于 0 的整数`,
    badKey: (text: string) => `“${text}”不是 64 位十六进制的 Ed25519 公钥`,
    manyKeys: '公钥至多 8 个',
  },
);
