import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { shenzhen } = CAST;

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
      run: `qifeng stamp article.md --meta title=演示文章 --key ${shenzhen} --json`,
      pick: ['recorded', 'of'],
      finds: { digest: '"digest": "(sha256:[0-9a-f]{64})"' },
      shows: ['ok'],
    },
    {
      say: 'Its page embeds the mark, an image that the node draws by the digest and the code of the publisher, inside a link to the proof;',
      run: `GET /v1/badge/{digest}.svg?lang=zh&issuer=${shenzhen}`,
      brief: true,
      shows: ['<svg', '已上链', '深圳市人民政府'],
    },
    {
      say: 'for a text that no public record carries the mark says so, so that nobody wears it falsely.',
      run: `GET /v1/badge/${NONE}.svg?lang=zh`,
      brief: true,
      shows: ['<svg', '无公开记录'],
    },
    {
      say: 'The link leads to the page of the node, which shows the proof for that digest as of now; in a terminal it is the same.',
      run: 'qifeng status {digest}',
      shows: ['In force', 'proven'],
    },
    {
      say: 'Who has the article and its receipt checks it without trusting any node.',
      run: 'qifeng verify article.md',
      shows: ['verified'],
    },
  ],
};
