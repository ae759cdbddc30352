import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { hashFiles as HashFiles } from '../../packages/client/src/files/hash-files.ts';
import { type Contender, compare, type Effort, type Row } from '../measure.ts';

/** As built: a thread that has to strip types first starts twice as slowly. */
const BUILT = new URL('../../packages/client/dist/files/hash-files.js', import.meta.url).href;
const { hashFiles } = (await import(BUILT)) as { hashFiles: typeof HashFiles };
/** One call of OpenSSL a file takes minutes: a twentieth is enough. */
const SINGLY_SHARE = 1 / 20;

const FILE_BYTES = 64 * 1024;
const MIB = 1 << 20;

/** `stamp`'s hashing of many files and of a large one against OpenSSL's command and plain reading. */
export async function files(effort: Effort): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qifeng-bench-files-'));
  try {
    const rounds = { ...effort, rounds: Math.min(3, effort.rounds) };
    return [await many(folder, rounds), await large(folder, rounds)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function many(folder: string, effort: Effort): Promise<Row> {
  const count = effort.quick ? 2_500 : 10_000;
  const content = randomBytes(FILE_BYTES);
  const paths = Array.from({ length: count }, (_, i) => {
    const path = join(folder, `${i}.bin`);
    content.writeUInt32BE(i);
    writeFileSync(path, content);
    return path;
  });
  const list = join(folder, 'list');
  writeFileSync(list, `${paths.join('\n')}\n`);
  const some = join(folder, 'some');
  writeFileSync(some, `${paths.slice(0, count * SINGLY_SHARE).join('\n')}\n`);
  const tool = hasOpenssl() ? 'openssl dgst -sha256' : 'sha256sum';
  const name = tool.split(' ')[0];
  return compare(
    { case: 'files', what: `${count.toLocaleString('en-US')} files of 64 KiB`, unit: 'MiB/s' },
    (count * FILE_BYTES) / MIB,
    {
      name: 'stamp',
      how: "hashFiles(paths, 'sha256')",
      run: async () => void (await hashFiles(paths, 'sha256')),
    },
    [
      shell(`xargs -P2 ${name}`, `xargs -a ${list} -P2 ${tool} > /dev/null`),
      {
        ...shell(`xargs -P2 -n1 ${name}`, `xargs -a ${some} -P2 -n1 ${tool} > /dev/null`),
        share: SINGLY_SHARE,
      },
      {
        ...shell('xargs -P2 sha256sum', `xargs -a ${some} -P2 -n100 sha256sum > /dev/null`),
        share: SINGLY_SHARE,
      },
      shell('xargs -P2 cat', `xargs -a ${list} -P2 cat > /dev/null`),
    ],
    effort,
  );
}

async function large(folder: string, effort: Effort): Promise<Row> {
  const mib = effort.quick ? 256 : 1024;
  const path = join(folder, 'large.bin');
  const content = randomBytes(MIB);
  const file = openSync(path, 'w');
  for (let i = 0; i < mib; i++) {
    content.writeUInt32BE(i);
    writeSync(file, content);
  }
  closeSync(file);
  const command = `${hasOpenssl() ? 'openssl dgst -sha256' : 'sha256sum'} ${path} > /dev/null`;
  return compare(
    { case: 'files', what: `one file of ${mib} MiB`, unit: 'MiB/s' },
    mib,
    {
      name: 'stamp',
      how: "hashFiles([path], 'sha256')",
      run: async () => void (await hashFiles([path], 'sha256')),
    },
    [shell(command.split(' ')[0]!, command), shell('cat', `cat ${path} > /dev/null`)],
    effort,
  );
}

function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0;
}

function shell(name: string, command: string): Contender {
  return {
    name,
    how: command,
    run: () => {
      const { status, stderr } = spawnSync('sh', ['-c', command]);
      if (status !== 0) throw new Error(`${command}: ${stderr.toString()}`);
    },
  };
}
