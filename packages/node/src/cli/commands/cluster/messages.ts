import { catalogue } from '@qifeng/core';

const nodes = (count: number): string => (count === 1 ? '1 node' : `${count} nodes`);

/** Texts of `qifeng-node cluster`. */
export const clusterMessages = catalogue(
  {
    description: 'a network of provinces on this machine',
    upDescription: 'make the network if there is none, start it, wait until it is ready, leave it running',
    count: 'validators, 1 to 31 (default: 4, or as many as there are)',
    downDescription: 'stop all nodes; what they hold stays',
    statusDescription: 'show where each node stands',
    resizeDescription: 'add or remove validators while the network runs, epoch by epoch',
    resizeCount: 'validators, 4 to 31',
    rekeyDescription: 'give one validator new keys, to vote with from the next epoch on',
    epoch: (epoch: number, height: number, count: number) =>
      `epoch ${epoch} begins above block ${height}: ${count} validators`,
    stopDescription: 'stop one node',
    startDescription: 'start one node and wait until it is ready',
    node: 'its number from 1, or its member code',
    partitionDescription:
      'cut the links between groups of nodes that run, until they are healed or started again',
    groups: 'nodes by number or member code, commas between; those left out make one more group',
    partitioned: (groups: string) => `cut: ${groups}`,
    healDescription: 'join all nodes that run again',
    healed: (count: number) => `joined ${nodes(count)}`,
    noVote: 'no vote',
    cutOff: (members: string) => `cut off from ${members}`,
    waiting: (count: number) => `starting ${nodes(count)} …`,
    stoppedAll: (count: number) => `stopped ${nodes(count)}`,
    stoppedOne: (member: string) => `stopped ${member}`,
    startedOne: (member: string) => `started ${member}`,
    ready: 'ready',
    stopped: 'stopped',
    silent: 'no answer',
    lacksPeers: (up: number, need: number) =>
      `connected to ${up} other ${up === 1 ? 'validator' : 'validators'}, a quorum needs ${need}`,
    behind: (height: number, top: number) => `catching up: block ${height} of ${top}`,
    accused: (record: number | null) =>
      `signed things that contradict each other, ${record === null ? 'not recorded yet' : `record ${record} of the ledger`}`,
    stands: (height: number, final: number, view: number) => `block ${height}, final ${final}, view ${view}`,
  },
  {
    description: '在本机运行多省节点组成的网络',
    upDescription: '没有网络则创建，启动后等待就绪，并保持运行',
    count: '验证节点个数，1 到 31（默认 4，已有网络时为其节点数）',
    downDescription: '停止全部节点，数据保留',
    statusDescription: '查看各节点状态',
    resizeDescription: '在网络运行中逐纪元增减验证节点',
    resizeCount: '验证节点个数，4 到 31',
    rekeyDescription: '为一个验证节点更换密钥，自下一纪元起使用',
    epoch: (epoch: number, height: number, count: number) =>
      `纪元 ${epoch} 始于区块 ${height} 之后：${count} 个验证节点`,
    stopDescription: '停止一个节点',
    startDescription: '启动一个节点并等待就绪',
    node: '从 1 起的序号，或成员代码',
    partitionDescription: '切断各组运行中节点之间的连接，直到恢复或重新启动',
    groups: '各组节点的序号或成员代码，以逗号分隔；未列出的节点自成一组',
    partitioned: (groups: string) => `已切断：${groups}`,
    healDescription: '恢复全部运行中节点之间的连接',
    healed: (count: number) => `已恢复 ${count} 个节点之间的连接`,
    noVote: '无投票权',
    cutOff: (members: string) => `与 ${members} 的连接已切断`,
    waiting: (count: number) => `正在启动 ${count} 个节点……`,
    stoppedAll: (count: number) => `已停止 ${count} 个节点`,
    stoppedOne: (member: string) => `已停止 ${member}`,
    startedOne: (member: string) => `已启动 ${member}`,
    ready: '就绪',
    stopped: '已停止',
    silent: '无应答',
    lacksPeers: (up: number, need: number) => `已连接 ${up} 个其他验证节点，法定数量还需 ${need} 个`,
    behind: (height: number, top: number) => `正在追赶：区块 ${height}/${top}`,
    accused: (record: number | null) =>
      `签署了自相矛盾的内容，${record === null ? '尚未记入账本' : `见账本记录 ${record}`}`,
    stands: (height: number, final: number, view: number) =>
      `区块 ${height}，最终确认 ${final}，视图 ${view}`,
  },
);
