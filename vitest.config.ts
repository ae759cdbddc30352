import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['qifeng-source'] },
  ssr: { resolve: { conditions: ['qifeng-source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    pool: 'threads',
    isolate: false,
    reporters: ['default'],
  },
});
