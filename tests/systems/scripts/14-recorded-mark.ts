import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

/** The digest of a text that nobody recorded. */
const NONE = `sha256:${'0'.repeat(64)}`;

/** Row 14: the mark on an article leads to a live proof. */
export const recordedMark: System = {
  name: '14-recorded-mark',
  title: { zh: '“该文章已上链”标识', en: 'The mark “this article is recorded”' },
  profiles: ['policy'],
  steps: [
    {
      say: 'An article is recorded.',
      run: `qifeng stamp article.md --meta title=演示文章 --key ${CAST.shenzhen} --json`,
      pick: ['recorded', 'of'],
      finds: { digest: '"digest": "(sha256:[0-9a-f]{64})"' },
      shows: ['ok'],
    },
    {
      say: 'Its page embeds the mark: <img src="NODE/v1/badge/DIGEST.svg">, an image that the node draws by the digest;',
      run: 'GET /v1/badge/{digest}.svg?lang=zh',
      brief: true,
      shows: ['<svg', '已上链'],
    },
    {
      say: 'for a text that no public record carries the mark says so, so that nobody wears it falsely.',
      run: `GET /v1/badge/${NONE}.svg?lang=zh`,
      brief: true,
      shows: ['<svg', '无公开记录'],
    },
    {
      say: 'Behind it is the proof, which a reader checks without trusting the node.',
      run: 'qifeng verify article.md',
      shows: ['verified'],
    },
  ],
};
