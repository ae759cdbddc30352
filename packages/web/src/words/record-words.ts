import { catalogue } from './language.ts';

/** Names of what a verified receipt says: the same words as `qifeng verify` prints, which a test compares. */
export const recordWords = catalogue(
  {
    verified: 'verified',
    recordedAt: 'recorded at',
    publisher: 'publisher',
    subject: 'subject',
    title: 'title',
    action: 'action',
    place: 'place',
    placeOf: (height: number, index: number) => `block height ${height}, log index ${index}`,
    cosigned: 'cosigned by',
    cosignedBy: (names: string, count: number, of: number) => `${names} (${count} of ${of} provinces)`,
    existed: 'existed no later than',
    digest: 'digest',
    chain: 'chain',
    assumption:
      'Verified with the genesis alone. This assumes that no quorum of validator keys, of this set or a past one, was ever stolen.',
    detail: 'detail',
    next: 'next',
  },
  {
    verified: '已验证',
    recordedAt: '存证时间',
    publisher: '发布机构',
    subject: '标的',
    title: '标题',
    action: '事项',
    place: '位置',
    placeOf: (height: number, index: number) => `区块高度 ${height}，日志序号 ${index}`,
    cosigned: '省级联署',
    cosignedBy: (names: string, count: number, of: number) => `${names}（${of} 个省级节点中的 ${count} 个）`,
    existed: '最迟存在于',
    digest: '文件摘要',
    chain: '所属链',
    assumption: '仅凭创世文件验证，前提是本届及历届验证节点的密钥从未有达到法定数量者被盗。',
    detail: '详情',
    next: '下一步',
  },
);
