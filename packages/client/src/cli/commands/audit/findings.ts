import { catalogue, type Lang } from '@qifeng/core';

const explanations = catalogue(
  {
    signers: {
      says: 'The provinces that the genesis leads to did not sign this checkpoint as the node shows it.',
      next: 'Do not rely on this node; ask another, and tell its operator.',
    },
    chain: {
      says: 'The node is of another chain than the genesis.',
      next: 'Check its address, and which chain you trust (--genesis).',
    },
    log: {
      says: 'The records that the node serves are not those of its signed checkpoint.',
      next: 'Do not rely on this node. Its operator should run qifeng-node check.',
    },
    tile: {
      says: 'A tile of hashes differs from the records: proofs made from it would fail.',
      next: 'The records are right. Its operator should run qifeng-node check.',
    },
    missing: {
      says: 'The node does not serve what its checkpoint says that it has.',
      next: 'Try again; if it stays so, tell its operator.',
    },
    chains: {
      says: 'A record was left out of the signed log, or slipped into it.',
      next: 'The provinces that cosigned it executed this wrongly. Keep what you have and tell the consortium.',
    },
    blocks: {
      says: 'The blocks that the node tells of do not lead to its signed checkpoint.',
      next: 'Do not rely on this node. Its operator should run qifeng-node check.',
    },
    publisher: {
      says: 'A record is in the signed log that its publisher did not sign as it stands there.',
      next: 'Ask the publisher. If other nodes show the same, the provinces that cosigned it executed this wrongly.',
    },
    submissions: {
      says: 'What the node tells of submissions does not belong to its signed log.',
      next: 'Audit another node; if that is in order, tell the operator of this one to run qifeng-node check.',
    },
    execution: {
      says: 'A record of the signed log does not follow from what its publisher signed and the records before it.',
      next: 'The provinces that cosigned it executed this wrongly. Keep what you have and tell the consortium.',
    },
    state: {
      says: 'Executing the log gives another state than the checkpoint says: the node keeps a refused submission back, or a value was planted.',
      next: 'Audit another node. If none leads to this state, the provinces that cosigned it executed this wrongly: tell the consortium.',
    },
    policy: {
      says: 'The policy that the node serves does not name the provinces that the genesis leads to.',
      next: 'Do not configure other tools with it; work it out with: qifeng policy',
    },
    rollback: {
      says: 'The node shows less than it showed when it was audited before.',
      next: 'It may be catching up after a repair: audit it again later. If it stays so, ask its operator what was lost.',
    },
    other: {
      says: 'What the node served is malformed.',
      next: 'Check its address; if it is right, tell its operator.',
    },
  },
  {
    signers: {
      says: '节点所示的检查点，没有得到由创世文件推得的各省的有效联署。',
      next: '请勿依赖该节点；请查询其他节点，并告知其运营方。',
    },
    chain: {
      says: '该节点与创世文件不属于同一条链。',
      next: '请核对其地址，以及您信任的是哪条链（--genesis）。',
    },
    log: {
      says: '节点提供的存证记录与其经联署的检查点不符。',
      next: '请勿依赖该节点；其运营方应运行 qifeng-node check。',
    },
    tile: {
      says: '某个哈希数据块与存证记录不符，由其生成的证明将无法通过验证。',
      next: '存证记录本身无误；其运营方应运行 qifeng-node check。',
    },
    missing: {
      says: '节点没有提供其检查点所声明的内容。',
      next: '请重试；如依旧如此，请告知其运营方。',
    },
    chains: {
      says: '经联署的日志中有记录被遗漏或被插入。',
      next: '联署该检查点的各省执行有误。请保留现有材料并告知联盟。',
    },
    blocks: {
      says: '节点所述的区块未能延伸到其经联署的检查点。',
      next: '请勿依赖该节点；其运营方应运行 qifeng-node check。',
    },
    publisher: {
      says: '经联署的日志中有一条记录，并非由发布机构如此签署。',
      next: '请向发布机构核实；如其他节点所示相同，则联署该检查点的各省执行有误。',
    },
    submissions: {
      says: '节点所述的提交与其经联署的日志不符。',
      next: '请审计其他节点；如其他节点无误，请告知该节点的运营方运行 qifeng-node check。',
    },
    execution: {
      says: '经联署的日志中有一条记录，无法由发布机构所签内容和此前的记录推得。',
      next: '联署该检查点的各省执行有误。请保留现有材料并告知联盟。',
    },
    state: {
      says: '执行日志所得的状态与检查点所述不同：节点隐瞒了某份被拒绝的提交，或状态中被植入了数值。',
      next: '请审计其他节点；如没有节点能推得该状态，则联署该检查点的各省执行有误，请告知联盟。',
    },
    policy: {
      says: '节点提供的策略文件所列省份，与由创世文件推得的不一致。',
      next: '请勿用它配置其他工具；可自行推算：qifeng policy',
    },
    rollback: {
      says: '节点所示内容少于上次审计时所示。',
      next: '可能正在修复后追赶，请稍后再次审计；如依旧如此，请向其运营方查询丢失了什么。',
    },
    other: { says: '节点提供的内容格式有误。', next: '请核对其地址；如地址无误，请告知其运营方。' },
  },
);

type Kind = keyof ReturnType<typeof explanations>;

const KINDS: Readonly<Record<string, Kind>> = {
  'bad-cosignature': 'signers',
  'no-quorum': 'signers',
  'unknown-line': 'signers',
  'bad-log-line': 'signers',
  'wrong-epoch': 'signers',
  'wrong-height': 'signers',
  'bad-handover': 'signers',
  'wrong-chain': 'chain',
  'root-mismatch': 'log',
  'bad-entry-bundle': 'log',
  'bad-leaf': 'chains',
  'leaf-order': 'chains',
  'publisher-chain': 'chains',
  'subject-chain': 'chains',
  'tile-mismatch': 'tile',
  'not-served': 'missing',
  'block-chain': 'blocks',
  'block-mismatch': 'blocks',
  'bad-signature': 'publisher',
  'wrong-key': 'publisher',
  'leaf-mismatch': 'publisher',
  'entry-mismatch': 'publisher',
  'submission-mismatch': 'submissions',
  'execution-mismatch': 'execution',
  'state-root-mismatch': 'state',
  'policy-mismatch': 'policy',
  rollback: 'rollback',
};

/** What a finding of an audit means for a person, and what to do about it; every code has one. */
export function explainFinding(code: string, lang: Lang): { readonly says: string; readonly next: string } {
  return explanations(lang)[KINDS[code] ?? 'other'];
}
