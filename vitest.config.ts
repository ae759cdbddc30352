import { setFlagsFromString } from 'node:v8';
import { defineConfig } from 'vitest/config';

// As `qifeng-node` does, and for its reason.
setFlagsFromString('--no-wasm-code-gc');

/** Node itself loads the sources, as it does for the commands: what compiles them once more slows what computes. */
const native = {
  experimental: { viteModuleRunner: false, nodeLoader: false },
  execArgv: ['--conditions=qifeng-source'],
};
const END_TO_END = 'tests/end-to-end/**/*.test.ts';
const CHAOS = 'tests/chaos/scenarios/**/*.test.ts';
const BROWSER = 'tests/browser/**/*.test.ts';
/** What computes for long: each file in a worker of its own, the next one as soon as a worker is free. */
const LONG = [
  'packages/node/src/testing/{guards,model,mutants,simulator,twins}/**/*.test.ts',
  'tests/fuzz/**/*.test.ts',
];

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          ...native,
          name: 'unit',
          // Against what never ends only: a busy machine is no failure.
          testTimeout: 60_000,
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: [END_TO_END, CHAOS, BROWSER, ...LONG],
          pool: 'threads',
          isolate: false,
          // The default leaves a processor out, of two one half of all.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...native,
          name: 'simulation',
          testTimeout: 300_000,
          include: LONG,
          pool: 'threads',
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...native,
          name: 'browser',
          include: [BROWSER],
          pool: 'threads',
          isolate: false,
          // A browser is many processes: one at a time, beside nothing but the simulation at its low priority.
          maxWorkers: 1,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...native,
          name: 'end-to-end',
          include: [END_TO_END],
          pool: 'threads',
          isolate: false,
          // Networks of real processes: one at a time, beside nothing but the simulation at its low priority.
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...native,
          name: 'chaos',
          include: [CHAOS],
          pool: 'threads',
          isolate: false,
          // Faults are done to real processes by the clock: one network at a time, and beside nothing at all.
          maxWorkers: 1,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
