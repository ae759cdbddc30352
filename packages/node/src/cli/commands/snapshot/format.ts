import type { FileKind } from '../../framed-file.ts';

/** A file of `snapshot export`. */
export const SNAPSHOT: FileKind = { line: 'qifeng/snapshot@v1\n', code: 'bad-snapshot' };
