import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openNodeHome } from '../config/node-home.ts';
import { makeCluster } from './cluster.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true });
});

test('a network takes no port of one that was made and is not started yet', async () => {
  const made = [];
  for (let i = 0; i < 3; i++) {
    const home = mkdtempSync(join(tmpdir(), 'qifeng-cluster-'));
    homes.push(home);
    made.push(await makeCluster(home, '2'));
  }
  const ports = made.flat().flatMap(({ home }) => {
    const { http, p2p, admin } = openNodeHome(home, {}).config;
    return [http.port, p2p.port, admin.port];
  });
  expect(ports.length).toBe(18);
  expect(new Set(ports).size).toBe(ports.length);
});
