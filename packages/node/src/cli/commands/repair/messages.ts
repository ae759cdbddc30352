import { catalogue } from '@qifeng/core';

/** Texts of `qifeng-node repair`. */
export const repairMessages = catalogue(
  {
    description: 'mend what is damaged in the home of a stopped node, or say that it cannot be',
    sound: 'nothing is damaged, nothing was changed',
    mended: 'mended',
    ledger: 'ledger',
    kept: (height: number) => `executed again up to block ${height}, and checked`,
    why: 'ended there',
    fetched: (from: number, to: number) =>
      `blocks ${from} to ${to} are fetched from the other members once it runs`,
    aside: 'set aside',
    vote: 'vote',
    remembers: 'as before: log and guard are untouched',
    amnesia: 'none: what this key signed is not known any more; give the member new keys',
    reason: 'because',
    logDamaged: 'the log was damaged',
    guardDamaged: 'the guard was damaged',
    logAhead: 'the log is of an epoch that begins above what is left of the ledger',
  },
  {
    description: '修复已停止节点目录中的损坏，不能修复则说明',
    sound: '没有损坏，未作任何改动',
    mended: '已修复',
    ledger: '账本',
    kept: (height: number) => `已重新执行至区块 ${height} 并核对`,
    why: '止于此处',
    fetched: (from: number, to: number) => `区块 ${from} 至 ${to} 将在启动后从其他成员获取`,
    aside: '已移开',
    vote: '投票权',
    remembers: '不变：日志和防双签文件未动',
    amnesia: '无：本密钥签过什么已不可知，请为该成员更换密钥',
    reason: '原因',
    logDamaged: '日志已损坏',
    guardDamaged: '防双签文件已损坏',
    logAhead: '日志所属的纪元始于账本剩余部分之后',
  },
);
