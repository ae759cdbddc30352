const BLOCK = 512;

/** The regular files of a tar archive (POSIX ustar) by name; links and folders are passed over. */
export function* filesOfTar(tar: Uint8Array): Generator<readonly [name: string, bytes: Uint8Array]> {
  const text = (at: number, length: number) =>
    Buffer.from(tar.buffer, tar.byteOffset + at, length)
      .toString('latin1')
      .split('\0')[0]!;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12).trim() || '0', 8);
    const type = text(at + 156, 1);
    const prefix = text(at + 257, 5) === 'ustar' ? text(at + 345, 155) : '';
    const name = prefix === '' ? text(at, 100) : `${prefix}/${text(at, 100)}`;
    if (type === '0' || type === '') yield [name, tar.subarray(at + BLOCK, at + BLOCK + size)];
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
