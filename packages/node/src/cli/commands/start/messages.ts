import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node start`. */
export const startMessages = catalogue(
  { description: 'run a node in the foreground; Ctrl-C stops it' },
  { description: '在前台运行节点，按 Ctrl-C 停止' },
);
