import { catalogue } from '@qifeng/core';

/** Texts of `qifeng status`. */
export const statusMessages = catalogue(
  {
    summary: 'say where a file, a digest, a subject or a publisher stands now, with proof',
    description:
      'Asks a node for a proof of the standing and verifies it with the genesis: in force, amended, repealed, or never recorded, as of a moment ago. With --status-proof it verifies a proof that was saved, without a network.',
    x: 'a file, ALG:HEX, PROFILE/ISSUER/ID (parts percent-encoded) or the code of a publisher',
    genesis: 'the genesis file that you trust (default: <home>/genesis.cbor)',
    statusProof: 'a proof that was saved; no node is asked',
    maxAge: 'how old the proof may be, such as 30s, 10m, 1h (default: 10m)',
    save: 'write the proof, as FILE.status-proof',
    asOf: 'status',
    recorded: (count: number) => (count === 1 ? 'Recorded once' : `Recorded ${count} times`),
    publisher: { active: 'Active', suspended: 'Suspended', 'not-enrolled': 'Not enrolled' },
    last: 'last record',
    lastOf: (head: number, version: number) => `index ${head}, number ${version}`,
    digest: 'digest',
    name: 'name',
    records: 'records',
    between: (first: number, last: number) =>
      first === last ? `index ${first}` : `from index ${first} to ${last}`,
    count: (count: number) => String(count),
    otherText: 'The present text of this subject is another file.',
    saved: (path: string) => `proof: ${path}`,
  },
  {
    summary: '查询文件、摘要、标的或发布机构的当前效力，并给出证明',
    description:
      '向节点索取当前效力的证明，并以创世文件核验：截至片刻之前为有效、已修改、废止或从未上链等。给出 --status-proof 时离线核验已保存的证明。',
    x: '文件、算法:十六进制摘要、类型/发布机构/编号（各部分可用百分号编码）或发布机构代码',
    genesis: '您信任的创世文件（默认 <home>/genesis.cbor）',
    statusProof: '已保存的证明；不再查询节点',
    maxAge: '证明允许的最长时间，例如 30s、10m、1h（默认 10m）',
    save: '将证明写入 <文件名>.status-proof',
    asOf: '状态',
    recorded: (count: number) => `已存证 ${count} 次`,
    publisher: { active: '正常', suspended: '已暂停', 'not-enrolled': '未登记' },
    last: '最新记录',
    lastOf: (head: number, version: number) => `序号 ${head}，第 ${version} 条`,
    digest: '文件摘要',
    name: '名称',
    records: '存证记录',
    between: (first: number, last: number) => (first === last ? `序号 ${first}` : `序号 ${first} 至 ${last}`),
    count: (count: number) => `${count} 条`,
    otherText: '该标的的现行文本是另一文件。',
    saved: (path: string) => `证明：${path}`,
  },
);
