import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileLog } from './file-log.ts';
import { logCompliance } from './testing/log-compliance.ts';

logCompliance('the file log', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qf-log-'));
  return {
    open: () => openFileLog(join(folder, 'wal')),
    remove: () => rm(folder, { recursive: true }),
  };
});
