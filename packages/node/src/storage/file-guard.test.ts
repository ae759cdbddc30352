import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGuardFile } from './file-guard.ts';
import { guardCompliance } from './testing/guard-compliance.ts';

guardCompliance('the guard file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qf-guard-'));
  return {
    open: () => openGuardFile(join(folder, 'guard')),
    remove: () => rmSync(folder, { recursive: true }),
  };
});
