import type { Removal } from './removal.ts';

/** Against failures of the view change. */
export const VIEW_CHANGE_GUARDS: readonly Removal[] = [
  {
    failure: 'NEW-VIEW not checked against its VIEW-CHANGEs',
    file: 'consensus/view-change.ts',
    line: 'change.epoch === epoch && change.newView === message.view',
    broken: 'change.epoch === epoch',
    test: { file: 'consensus/view-change.test.ts', name: 'with VIEW-CHANGEs for other views' },
  },
  {
    failure: 'NEW-VIEW not checked against its VIEW-CHANGEs',
    file: 'consensus/view-change.ts',
    line: 'changes.set(change.signer, change);',
    broken: 'changes.set(changes.size, change);',
    test: { file: 'consensus/view-change.test.ts', name: 'with one signer several times' },
  },
  {
    failure: 'one node names a huge view',
    file: 'consensus/view-change.ts',
    line: 'above[faultsOf(state.config)]',
    broken: 'above[0]',
    test: { file: 'consensus/view-change.test.ts', name: 'one node names a huge view: it moves nobody' },
  },
  {
    failure: 'a replay moves the view back',
    file: 'consensus/view-change.ts',
    line: 'if (view <= state.view || view < state.asked) return;',
    broken: '',
    test: {
      file: 'consensus/view-change.test.ts',
      name: 'a replay moves no view back, and none below what was asked for',
    },
  },
  {
    failure: 'prepared state dropped at view change',
    file: 'consensus/view-change.ts',
    line: 'state.accepted.clear();',
    broken: 'state.accepted.clear(); state.high = null;',
    test: {
      file: 'consensus/votes.test.ts',
      name: 'prepared state not dropped at view change, nor replaced by a lower height of the same view',
    },
  },
  {
    failure: 'prepared state dropped at view change',
    file: 'consensus/votes.ts',
    line: 'if (higher(certificate, state.high)) {',
    broken: 'if (certificate !== null) {',
    test: {
      file: 'consensus/votes.test.ts',
      name: 'prepared state not dropped at view change, nor replaced by a lower height of the same view',
    },
  },
  {
    failure: 'one bad item hides good ones',
    file: 'consensus/view-change.ts',
    line: 'if (change.epoch === epoch && change.newView === message.view)',
    broken: 'if (change.epoch !== epoch || change.newView !== message.view) return new Map();\n',
    test: {
      file: 'consensus/view-change.test.ts',
      name: 'one bad item hides no good ones: entries too many or wrong are left out',
    },
  },
  {
    failure: 'commit lock blocks view change',
    file: 'consensus/view-change.ts',
    line: 'if (view <= state.asked || !state.config.votes) return;',
    broken: 'if (view <= state.asked || !state.config.votes || state.commitSent.size > 0) return;',
    test: {
      file: 'consensus/view-change.test.ts',
      name: 'commit lock does not block it: asked for after COMMIT, with the certificate',
    },
  },
  {
    failure: 'queue replayed after demotion',
    file: 'consensus/view-change.ts',
    line: 'for (const key of state.slots.keys()) if (key !== view && key !== view + 1) state.slots.delete(key);',
    broken: '',
    test: {
      file: 'consensus/view-change.test.ts',
      name: 'no queue is replayed after demotion: votes and VIEW-CHANGEs of the old view are gone',
    },
  },
  {
    failure: 'NEW-VIEW not checked against its VIEW-CHANGEs',
    file: 'engine/verify.ts',
    line: 'change.newView === view && change.epoch === epoch ? ofViewChange(change) : REFUSED',
    broken: 'ofViewChange(change)',
    test: {
      file: 'engine/verify.test.ts',
      name: 'a NEW-VIEW stands on VIEW-CHANGEs for its own view and epoch, one a signer',
    },
  },
  {
    failure: 'prepared state dropped at view change',
    file: 'consensus/view-change.ts',
    line: 'high: state.high,',
    broken: 'high: null,',
    test: {
      file: 'consensus/view-change.test.ts',
      name: 'commit lock does not block it: asked for after COMMIT, with the certificate',
    },
  },
  {
    failure: 'prepared state dropped at view change',
    file: 'consensus/view-change.ts',
    line: 'if (higher(high, best)) best = high;',
    broken: 'best ??= high;',
    test: {
      file: 'consensus/view-change.test.ts',
      name: 'the highest certificate by view first, then height',
    },
  },
];
