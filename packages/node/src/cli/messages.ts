import { catalogue } from '@qifeng/core';

/** Texts that several commands share, beside those about calling a command (`shellMessages`). */
export const commonMessages = catalogue(
  {
    tagline: 'Qifeng 骑缝: run the node of a member province.',
    exitCodeList: [
      '0    done',
      '1    something is false or damaged',
      '2    wrong usage or configuration',
      '3    not ready in time',
      '70   a fault that stopped the node',
    ],
    home: 'home of the network (default: QIFENG_HOME, else ./.qifeng)',
    nodeHome: "the node's home",
  },
  {
    tagline: '骑缝 Qifeng：运行联盟成员的节点。',
    exitCodeList: [
      '0    完成',
      '1    不实或已损坏',
      '2    用法或配置有误',
      '3    未能按时就绪',
      '70   使节点停止的故障',
    ],
    home: '网络所在目录（默认 QIFENG_HOME，其次为 ./.qifeng）',
    nodeHome: '节点目录',
  },
);
