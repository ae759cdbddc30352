import type { Removal } from './removal.ts';

/** Against failures of votes, certificates and what they are checked by. */
export const CERTIFICATE_GUARDS: readonly Removal[] = [
  {
    failure: 'PREPARE and COMMIT sign the same bytes',
    file: 'engine/wire/signed-bytes.ts',
    line: 'commit: COMMIT_TYPE,',
    broken: 'commit: PREPARE_TYPE,',
    test: {
      file: 'engine/wire/wire.test.ts',
      name: 'PREPARE and COMMIT never sign the same bytes, nor do any two kinds',
    },
  },
  {
    failure: 'PREPARE and COMMIT sign the same bytes',
    file: 'consensus/validate.ts',
    line: 'certificate.kind === kind &&',
    broken: '',
    test: {
      file: 'consensus/config.test.ts',
      name: 'is of its kind and epoch: PREPARE and COMMIT are never each other',
    },
  },
  {
    failure: 'PREPARE and COMMIT sign the same bytes',
    file: 'consensus/votes.ts',
    line: 'state.slots.get(view)?.votes[kind].get(height)',
    broken: 'state.slots.get(view)?.votes.prepare.get(height)',
    test: { file: 'consensus/votes.test.ts', name: 'PREPAREs are no COMMITs' },
  },
  {
    failure: 'prepared proof not bound to its view',
    file: 'consensus/votes.ts',
    line: 'const slots = state.slots.get(vote.view);',
    broken: 'const slots = state.slots.get(state.view);',
    test: {
      file: 'consensus/votes.test.ts',
      name: 'bound to its view: votes of two views make no certificate',
    },
  },
  {
    failure: 'signer counted twice, or signatures counted instead of signers',
    file: 'consensus/votes.ts',
    line: 'signers.set(vote.signer, vote);',
    broken: 'signers.set(signers.size, vote);',
    test: {
      file: 'consensus/votes.test.ts',
      name: 'a signer counted once, however often it votes and for whatever',
    },
  },
  {
    failure: 'signer counted twice, or signatures counted instead of signers',
    file: 'consensus/validate.ts',
    line: `signers.size === signatures.length &&
    signers.size >= quorumOf(config) &&`,
    broken: 'signatures.length >= quorumOf(config) &&',
    test: { file: 'consensus/config.test.ts', name: 'a signer counted twice' },
  },
  {
    failure: 'stopping at the first q signatures',
    file: 'consensus/votes.ts',
    line: 'for (const vote of signers.values())',
    broken: 'for (const vote of [...signers.values()].slice(0, quorumOf(state.config)))',
    test: {
      file: 'consensus/votes.test.ts',
      name: 'does not stop at the first q: one bad vote hides no good ones',
    },
  },
  {
    failure: "certificate checked against the wrong epoch's set",
    file: 'consensus/validate.ts',
    line: 'return certificate.epoch === config.epoch &&',
    broken: 'return',
    test: {
      file: 'consensus/view-change.test.ts',
      name: 'brings its checkpoint certificate, unless that is of another epoch or counts a signer twice',
    },
  },
  {
    failure: 'PREPARE and COMMIT sign the same bytes',
    file: 'engine/verify.ts',
    line: 'certificate.kind !== kind || ',
    broken: '',
    test: {
      file: 'engine/verify.test.ts',
      name: 'PREPAREs bear out no commit certificate, whatever it calls them',
    },
  },
  {
    failure: 'prepared proof not bound to its view',
    file: 'engine/wire/signed-bytes.ts',
    line: 'voteBytes(genesis, kind, epoch, view, height, hashBytes(hash))',
    broken: 'voteBytes(genesis, kind, epoch, 0, height, hashBytes(hash))',
    test: { file: 'engine/verify.test.ts', name: 'a prepared proof is bound to its view and height' },
  },
  {
    failure: 'signer counted twice, or signatures counted instead of signers',
    file: 'engine/verify.ts',
    line: 'signatures[i - 1]!.signer < signer',
    broken: 'signatures[i - 1]!.signer <= signer',
    test: { file: 'engine/verify.test.ts', name: 'a certificate counts signers, not signatures' },
  },
  {
    failure: 'stopping at the first q signatures',
    file: 'engine/verify.ts',
    line: 'return signatures.map(({ signer, signature }) => claim(signer, vote, signature));',
    broken: 'return signatures.slice(0, q).map(({ signer, signature }) => claim(signer, vote, signature));',
    test: {
      file: 'engine/verify.test.ts',
      name: 'every signature of a certificate is checked, also those beyond the first q',
    },
  },
  {
    failure: 'envelope height differs from header',
    file: 'engine/verify.ts',
    line: 'height === of.height && ',
    broken: '',
    test: {
      file: 'engine/verify.test.ts',
      name: 'an envelope says the height, block, epoch and chain that its text says',
    },
  },
  {
    failure: 'envelope height differs from header',
    file: 'consensus/chain.ts',
    line: 'known === undefined || known.block.height !== at',
    broken: 'known === undefined',
    test: {
      file: 'consensus/heights.test.ts',
      name: 'a certificate for another height than the header names commits nothing',
    },
  },
  {
    failure: 'envelope height differs from header',
    file: 'consensus/chain.ts',
    line: 'known === undefined || known.block.height !== at',
    broken: 'known === undefined',
    test: {
      file: 'consensus/heights.test.ts',
      name: 'nor does a tip of another height than its header names begin a view',
    },
  },
  {
    failure: "certificate checked against the wrong epoch's set",
    file: 'engine/verify.ts',
    line: 'if (epoch !== null && epoch !== current) return false;',
    broken: '',
    test: {
      file: 'engine/verify.test.ts',
      name: "of another epoch is refused, by whichever epoch's keys it is signed",
    },
  },
  {
    failure: "certificate checked against the wrong epoch's set",
    file: 'engine/verify.ts',
    line: '(high !== null && high.epoch !== epoch) || (checkpoint !== null && checkpoint.epoch !== epoch);',
    broken: 'false;',
    test: { file: 'engine/verify.test.ts', name: 'brings no certificate of another epoch within it' },
  },
];
