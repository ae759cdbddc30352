import { catalogue, type Proven } from '@qifeng/core';

/** Texts of `qifeng audit`. */
export const auditMessages = catalogue(
  {
    summary: 'read whole ledgers from several nodes and check them against one another',
    description:
      'Reads the whole log from every node: cosignatures, root, tiles, blocks, the chains of publishers and subjects, every publisher’s signature; executes every record again and compares the root of the state with the signed one; compares the nodes with one another and with what they showed when they were audited before. If two quorums contradict each other it names the members that signed both; accusations on record are listed.',
    genesis: 'the genesis file that you trust (default: <home>/genesis.cbor)',
    out: 'where to write the evidence of a conflict, which anyone can verify offline',
    evidence: 'verify a file of evidence instead, without any node',
    reading: 'reading',
    clean: 'verified',
    unclean: 'not as it should be',
    apart: 'in order by itself, and in conflict with another: see below',
    unread: 'could not be read',
    unreadNext: 'Check the address and the network, then audit again.',
    notHeldNext: 'It began with a snapshot. Audit a node that has the ledger from its genesis on.',
    shows: 'shows',
    place: (height: number, size: number, epoch: number, root: string) =>
      `block ${height}, ${size} records, log root ${root}, epoch ${epoch}`,
    state: 'state',
    stateRoot: (root: string, rebuilt: boolean) =>
      rebuilt ? `root ${root}, the same when every record is executed again` : `root ${root}, not confirmed`,
    hashes: (block: string, state: string) => `, block hash ${block}, state root ${state}`,
    before: (node: string) => `${node} as audited before`,
    times: (count: number) => `${count} times`,
    conflict: 'conflict',
    unproven: 'The two contradict each other, but what was served does not prove it to others.',
    culprits: (count: number, atLeast: number) =>
      atLeast === 0
        ? `${count} members signed both. The two quorums are of different sets, so there may be others at fault.`
        : `${count} members signed both; at least ${atLeast} must have, and no honest one does.`,
    key: 'key',
    signed: 'signed',
    signature: 'signature',
    kinds: {
      height: 'Two quorums signed different checkpoints of one block height.',
      order:
        'A quorum signed a lower block with a longer log or a later epoch than another quorum’s higher one.',
      log: 'Two quorums signed logs of which the longer does not begin with the shorter.',
      blocks: 'Two quorums signed blocks of which the higher does not descend from the lower.',
      'epoch-end': 'A quorum signed the end of an epoch, and another went on in that epoch.',
      votes: 'Two quorums voted for different blocks in one view and at one height.',
    } satisfies Record<Proven['kind'], string>,
    written: (path: string) =>
      `The evidence is in ${path}; anyone can verify it: qifeng audit --evidence ${path}`,
    noOut: 'To keep the evidence, run the audit again with --out FILE.',
    conflictNext:
      'Stop relying on either side, keep the evidence, and hand it to every member of the consortium.',
    accused: 'accused on record; both signatures verify',
    signedBoth: {
      prepare: (height: number, view: number) => `PREPARE for two blocks at height ${height} in view ${view}`,
      commit: (height: number, view: number) => `COMMIT for two blocks at height ${height} in view ${view}`,
      checkpoint: (height: number, _view: number) => `two checkpoints of block ${height}`,
    },
    accusation: 'accusation',
    accusedIn: (record: number, epoch: number) => `record ${record}, about epoch ${epoch}`,
    evidenceHolds: 'evidence holds',
    evidenceFails: 'This file proves nothing against anybody.',
    evidenceFailsNext:
      'Do not rely on it. Check that the genesis is that of its chain, or ask for the file again.',
    detail: 'detail',
    next: 'next',
    badAudited: (path: string) => `${path}, where audits remember what they saw, is damaged.`,
    badAuditedNext:
      'Remove it: the next audit then cannot tell whether a node went back behind the last one.',
  },
  {
    summary: '从多个节点读取整个账本并相互核对',
    description:
      '从每个节点读取完整日志，核验联署、树根、数据块、区块、各发布机构与各标的的记录链以及每个发布机构的签名；重新执行每条记录并将所得状态根与经联署的状态根比对；并将各节点相互比对，与上次审计所见比对。若两个法定多数相互矛盾，则指出同时签署两者的成员；并列出账本中已记录的指证。',
    genesis: '您信任的创世文件（默认 <home>/genesis.cbor）',
    out: '出现冲突时将证据写入此文件，任何人可离线验证',
    evidence: '改为验证一份证据文件，不连接任何节点',
    reading: '读取中',
    clean: '已验证',
    unclean: '存在问题',
    apart: '自身无误，但与另一方冲突，见下',
    unread: '无法读取',
    unreadNext: '请检查地址和网络，然后重新审计。',
    notHeldNext: '该节点始于快照。请审计持有自创世起完整账本的节点。',
    shows: '所示',
    place: (height: number, size: number, epoch: number, root: string) =>
      `区块高度 ${height}，${size} 条记录，日志根 ${root}，纪元 ${epoch}`,
    state: '状态',
    stateRoot: (root: string, rebuilt: boolean) =>
      rebuilt ? `状态根 ${root}，重新执行全部记录所得相同` : `状态根 ${root}，未能确认`,
    hashes: (block: string, state: string) => `，区块哈希 ${block}，状态根 ${state}`,
    before: (node: string) => `${node}（上次审计时）`,
    times: (count: number) => `共 ${count} 处`,
    conflict: '冲突',
    unproven: '两者相互矛盾，但所提供的内容不足以向他人证明。',
    culprits: (count: number, atLeast: number) =>
      atLeast === 0
        ? `${count} 个成员同时签署了两者。两个法定多数分属不同的验证集合，可能另有责任方。`
        : `${count} 个成员同时签署了两者；至少应有 ${atLeast} 个，且诚实成员绝不会如此。`,
    key: '公钥',
    signed: '签署内容',
    signature: '签名',
    kinds: {
      height: '两个法定多数对同一区块高度签署了不同的检查点。',
      order: '一个法定多数签署的较低区块，其日志比另一法定多数签署的较高区块更长，或纪元更晚。',
      log: '两个法定多数签署的日志中，较长者并非以较短者开头。',
      blocks: '两个法定多数签署的区块中，较高者并非较低者的后续。',
      'epoch-end': '一个法定多数签署了某纪元的终结，另一个却在该纪元中继续。',
      votes: '两个法定多数在同一视图、同一高度投票给了不同的区块。',
    },
    written: (path: string) => `证据已写入 ${path}，任何人可验证：qifeng audit --evidence ${path}`,
    noOut: '如需保留证据，请加 --out FILE 重新审计。',
    conflictNext: '请停止采信任何一方，保留证据，并交给联盟的每个成员。',
    accused: '已被记录指证，两个签名均有效',
    signedBoth: {
      prepare: (height: number, view: number) => `在高度 ${height}、视图 ${view} 对两个不同区块的 PREPARE`,
      commit: (height: number, view: number) => `在高度 ${height}、视图 ${view} 对两个不同区块的 COMMIT`,
      checkpoint: (height: number, _view: number) => `区块 ${height} 的两个不同检查点`,
    },
    accusation: '指证',
    accusedIn: (record: number, epoch: number) => `第 ${record} 号记录，关于纪元 ${epoch}`,
    evidenceHolds: '证据成立',
    evidenceFails: '这份文件不能证明任何成员有过错。',
    evidenceFailsNext: '请勿采信。请确认创世文件属于同一条链，或重新索取该文件。',
    detail: '详情',
    next: '下一步',
    badAudited: (path: string) => `记录审计所见的文件 ${path} 已损坏。`,
    badAuditedNext: '请删除该文件；下次审计将无法判断节点是否退回到上次审计之前。',
  },
);
