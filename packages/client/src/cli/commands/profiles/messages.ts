import { catalogue, type Profile, type ProfileAction } from '@qifeng/core';

/** Texts of `qifeng profiles`. */
export const profilesMessages = catalogue(
  {
    summary: 'list the kinds of record, or show the states, actions and fields of one',
    description:
      'Lists the profiles of the chain, or shows one: its states, its actions with their fields and links, and who may act. They are those of the genesis, and those registered later, which a node proves. Names and titles can be typed alike elsewhere.',
    name: 'a profile by name or title',
    version: (version: number, record: number | null) =>
      record === null
        ? `version ${version}, of the genesis`
        : `version ${version}, registered by record ${record}`,
    kept: 'kept',
    privacy: { public: 'in the open', sealed: 'sealed' } satisfies Record<Profile['privacy'], string>,
    personal: 'data of persons',
    personalData: { allowed: 'allowed', refused: 'refused' } satisfies Record<Profile['personal'], string>,
    states: 'States',
    actions: 'Actions',
    none: 'no record',
    by: {
      issuer: 'by the issuer',
      'home-member': "by a supervisor at the issuer's home member",
      'any-publisher': 'by any publisher with a role in the profile',
      named: 'by the present owner',
    } satisfies Record<ProfileAction['by'], string>,
    digest: {
      required: 'needs a file, which is the text from then on',
      optional: 'may have a file, which is the text from then on',
      none: 'takes no file',
      enclosed: 'needs a file, as an enclosure',
      'may-enclose': 'may have a file, as an enclosure',
    } satisfies Record<ProfileAction['digest'], string>,
    required: 'required',
    link: 'link',
    linked: (rel: string, profile: string, states: string) =>
      `--link ${rel}=${profile}/…${states === '' ? '' : ` in state ${states}`}`,
    owner: 'gives its owner',
  },
  {
    summary: '列出业务类型，或查看某一类型的状态、事项和字段',
    description:
      '列出本链的业务类型；给出名称时显示其状态、事项、各事项的字段和关联，以及由谁办理。内容取自创世文件；此后登记的由节点证明。其他命令中用英文名称或中文名称均可。',
    name: '业务类型的名称，中文或英文',
    version: (version: number, record: number | null) =>
      record === null ? `第 ${version} 版，创世文件所定` : `第 ${version} 版，依第 ${record} 号记录登记`,
    kept: '存证方式',
    privacy: { public: '公开', sealed: '密封' },
    personal: '个人信息',
    personalData: { allowed: '允许', refused: '不收' },
    states: '状态',
    actions: '事项',
    none: '尚无记录',
    by: {
      issuer: '由标的所属的发布机构办理',
      'home-member': '由同一所属成员的监管机构办理',
      'any-publisher': '由有该类型权限的任一机构办理',
      named: '由当前权利人办理',
    },
    digest: {
      required: '须有文件，此后即为现行文本',
      optional: '可有文件，此后即为现行文本',
      none: '不附文件',
      enclosed: '须附办理文书（不是标的文本）',
      'may-enclose': '可附办理文书（不是标的文本）',
    },
    required: '必填',
    link: '关联',
    linked: (rel: string, profile: string, states: string) =>
      `--link ${rel}=${profile}/…${states === '' ? '' : `，其状态为${states}`}`,
    owner: '权利人随之',
  },
);
