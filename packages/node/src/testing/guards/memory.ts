import type { Removal } from './removal.ts';

/** Against failures of what a replica and its key remember. */
export const MEMORY_GUARDS: readonly Removal[] = [
  {
    failure: 'lock proof lost on restart',
    file: 'consensus/recover.ts',
    line: 'if (higher(record.certificate, state.high)) state.high = record.certificate;',
    broken: '',
    test: {
      file: 'consensus/scenarios.test.ts',
      name: 'lock proof not lost on restart: all stop after COMMIT, the next view starts from the block',
    },
  },
  {
    failure: 'lock proof lost on restart',
    file: 'consensus/votes.ts',
    line: "persist(state, { type: 'prepared', certificate });",
    broken: '',
    test: {
      file: 'consensus/scenarios.test.ts',
      name: 'lock proof not lost on restart: all stop after COMMIT, the next view starts from the block',
    },
  },
  {
    failure: 'double vote after restart',
    file: 'consensus/recover.ts',
    line: 'if (record.view === state.view) state.accepted.set(record.block.height, record.block.hash);',
    broken: '',
    test: {
      file: 'consensus/scenarios.test.ts',
      name: 'no double vote after a restart in the middle of a view: the same votes again',
    },
  },
  {
    failure: 'double vote after restart',
    file: 'consensus/guard.ts',
    line: 'if (before !== undefined) return { refused',
    broken: 'if (before === null) return { refused',
    test: { file: 'consensus/guard.test.ts', name: 'a second hash in one slot' },
  },
  {
    failure: 'double vote after restore',
    file: 'consensus/guard.ts',
    line: 'if (guard.viewFloor > Math.max(state.view, state.asked))',
    broken: 'if (guard.viewFloor < 0)',
    test: {
      file: 'consensus/amnesia.test.ts',
      name: 'when an older log was put back: behind in view, vote or cosignature',
    },
  },
  {
    failure: 'double vote after restore',
    file: 'consensus/guard.ts',
    line: 'return slot === undefined ? null :',
    broken: 'return slot !== null ? null :',
    test: {
      file: 'consensus/amnesia.test.ts',
      name: 'when an older log was put back: behind in view, vote or cosignature',
    },
  },
  {
    failure: 'double vote after restore',
    file: 'engine/recovery.ts',
    line: 'const lost = memoryLoss(signer.guard, held.length > 0, state);',
    broken: 'const lost = state === null ? memoryLoss(signer.guard, held.length > 0, state) : null;',
    test: {
      file: 'testing/durability.test.ts',
      name: 'votes for nothing after an older log and ledger were put back',
    },
  },
  {
    failure: 'double vote after restore',
    file: 'consensus/guard.ts',
    line: 'if (guard.amnesiac) return',
    broken: 'if (guard === null) return',
    test: { file: 'consensus/amnesia.test.ts', name: 'and the guard then signs nothing, whatever it is' },
  },
  {
    failure: 'double vote after restore',
    file: 'consensus/guard.ts',
    line: "if (guard === null) return 'the guard is gone, and nothing else says that the log is the newest';",
    broken: 'if (guard === null) return null;',
    test: {
      file: 'testing/durability.test.ts',
      name: 'votes for nothing after an older log and ledger were put back and the guard was left out',
    },
  },
  {
    failure: 'double vote after a wiped disk',
    file: 'consensus/guard.ts',
    line: "if (guard === null) return 'there is neither a log nor the birth marker of a new home';",
    broken: 'if (guard === null) return null;',
    test: {
      file: 'consensus/amnesia.test.ts',
      name: 'by a key without log and birth marker, by one that signed and has no log, and by one that lost it before',
    },
  },
  {
    failure: 'double vote after a wiped disk',
    file: 'engine/recovery.ts',
    line: 'const lost = memoryLoss(signer.guard, held.length > 0, state);',
    broken: 'const lost = state === null ? memoryLoss(signer.guard, held.length > 0, state) : null;',
    test: {
      file: 'testing/durability.test.ts',
      name: 'votes for nothing on a wiped disk: it has neither a log nor a birth marker',
    },
  },
  {
    failure: 'double vote after a wiped disk',
    file: 'engine/recovery.ts',
    line: 'const lost = memoryLoss(signer.guard, held.length > 0, state);',
    broken: 'const lost = state.config.votes ? memoryLoss(signer.guard, held.length > 0, state) : null;',
    test: {
      file: 'testing/epoch-opening.test.ts',
      name: 'a key that joined later votes, and on a wiped disk, or with its guard alone, it votes no more',
    },
  },
  {
    failure: 'replay accepted after a snapshot',
    file: 'engine/snapshot/open-part.ts',
    line: 'return folded.ok && equalBytes(folded.value, hash);',
    broken: 'return folded.ok;',
    test: {
      file: 'engine/snapshot/replay.test.ts',
      name: 'finds the replay memory: a member that leaves it out of the state is refused',
    },
  },
  {
    failure: 'replay accepted after a snapshot',
    file: 'storage/ledger-reader.ts',
    line: 'if (outcome !== null || this.visible.base === null) return outcome;',
    broken: 'if (this.visible !== null) return outcome;',
    test: {
      file: 'engine/snapshot/replay.test.ts',
      name: 'gets the first outcome again, and records nothing twice',
    },
  },
  {
    failure: 'conflicting signatures, also after a restart',
    file: 'engine/signing.ts',
    line: "if ('refused' in verdict) refused(one, verdict.refused);",
    broken: "if ('refused' in verdict) admitted.push(one);",
    test: { file: 'engine/signing.test.ts', name: 'beside others that are signed, after a restart' },
  },
  {
    failure: 'conflicting signatures, also after a restart',
    file: 'engine/signing.ts',
    line: 'file.write(encodeGuard(guard));',
    broken: 'queueMicrotask(() => file.write(encodeGuard(guard)));',
    test: {
      file: 'engine/signing.test.ts',
      name: 'holds what is signed before there is a signature of it, and is written once for all of a step',
    },
  },
  {
    failure: 'conflicting signatures, also after a restart',
    file: 'engine/signing.ts',
    line: 'guard = prune(guard, low);',
    broken: '',
    test: {
      file: 'engine/signing.test.ts',
      name: 'stays as small as what can still conflict, however much was signed',
    },
  },
];
