export * from '../packages/client/src/bench/material.ts';
