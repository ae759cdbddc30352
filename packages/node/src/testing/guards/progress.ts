import type { Removal } from './removal.ts';

/** Against failures in which somebody waits for ever. */
export const PROGRESS_GUARDS: readonly Removal[] = [
  {
    failure: 'view change when everything is already final stalls',
    file: 'consensus/view-change.ts',
    line: 'state.tipPrepared = tip.height === state.config.base.height;',
    broken: 'state.tipPrepared = tip.height <= state.low;',
    test: {
      file: 'consensus/scenarios.test.ts',
      name: 'view change when everything is already final stalls nobody: the final tip is prepared first',
    },
  },
  {
    failure: 'laggard stranded because the others do not repeat an old COMMIT',
    file: 'consensus/pull.ts',
    line: "send({ type: 'commit-certificate', certificate: commitCertificate });",
    broken: '',
    test: {
      file: 'consensus/pull.test.ts',
      name: 'certificates it lacks go out at once',
    },
  },
  {
    failure: 'laggard stranded because the others do not repeat an old COMMIT',
    file: 'consensus/pull.ts',
    line: 'if (status.epoch !== state.config.epoch) return;',
    broken: 'return;',
    test: {
      file: 'consensus/scenarios.test.ts',
      name: 'laggard not stranded, and a caught-up replica votes at once: STATUS, certificates, headers',
    },
  },
  {
    failure: 'laggard stranded because the others do not repeat an old COMMIT',
    file: 'consensus/pull.ts',
    line: 'else if (status.view === state.view) repeatVotes(state, status, send);',
    broken: '',
    test: {
      file: 'consensus/pull.test.ts',
      name: 'votes and proposals later only when it stood there one STATUS ago',
    },
  },
  {
    failure: 'caught-up replica cannot vote until the next view change',
    file: 'consensus/accept.ts',
    line: 'if (!isCommitted(state, parent) || onTop.height > parent.height) return false;',
    broken: 'return false;',
    test: {
      file: 'consensus/scenarios.test.ts',
      name: 'laggard not stranded, and a caught-up replica votes at once: STATUS, certificates, headers',
    },
  },
  {
    failure: 'caught-up replica cannot vote until the next view change',
    file: 'consensus/accept.ts',
    line: 'if (!isCommitted(state, parent) || onTop.height > parent.height) return false;',
    broken: 'return false;',
    test: { file: 'consensus/recover.test.ts', name: 'a caught-up replica votes on in its view' },
  },
  {
    failure: 'doubling timers with no return to base',
    file: 'consensus/chain.ts',
    line: 'if (timer.commits >= Math.min(config.window, config.term)) timer.timeout = config.timing.baseTimeout;',
    broken: '',
    test: {
      file: 'consensus/scenarios.test.ts',
      name: 'doubling timers do return to base: after W commits in the new view',
    },
  },
  {
    failure: 'idle chain with a dead leader',
    file: 'consensus/timer.ts',
    line: 'state.now - state.timer.progressAt > state.config.timing.heartbeat',
    broken: 'false',
    test: {
      file: 'consensus/scenarios.test.ts',
      name: 'idle chain with a dead leader: the overdue heartbeat changes the view',
    },
  },
  {
    failure: 'peer lowers its claimed height',
    file: 'consensus/pull.ts',
    line: 'commitCertificate.height > status.committed)',
    broken: 'commitCertificate.height > Math.max(status.committed, before?.committed ?? 0))',
    test: {
      file: 'consensus/pull.test.ts',
      name: 'a claimed height or view drives no state, and a lowered one gets no more than certificates',
    },
  },
  {
    failure: 'a 3 s partition makes a proposal untimely for ever',
    file: 'consensus/timer.ts',
    line: 'state.pool.size > 0 ||',
    broken: '',
    test: {
      file: 'consensus/timely.test.ts',
      name: 'a 3 s partition makes a proposal untimely, and not for ever: the next view orders the work',
    },
  },
  {
    failure: 'a 3 s partition makes a proposal untimely for ever',
    file: 'consensus/timely.ts',
    line: 'vouchers(state, block) > faultsOf(state.config)',
    broken: 'vouchers(state, block) > state.config.validators.length',
    test: {
      file: 'consensus/timely.test.ts',
      name: 'however untimely, once f+1 others have PREPAREd it in this view',
    },
  },
  {
    failure: 'a 3 s partition makes a proposal untimely for ever',
    file: 'consensus/timely.ts',
    line: 'delay * (state.timer.timeout / baseTimeout)',
    broken: 'delay',
    test: { file: 'consensus/timely.test.ts', name: 'later too after failed views: each widens the delay' },
  },
  {
    failure: 'a 3 s partition makes a proposal untimely for ever',
    file: 'consensus/accept.ts',
    line: 'if (!available(state, tip)) return;',
    broken:
      'if (!available(state, tip) || !isTimely(state, state.blocks.get(tip.hash)!.block, state.wall)) return;',
    test: { file: 'consensus/timely.test.ts', name: 'if it is carried over, without a look at its time' },
  },
];
