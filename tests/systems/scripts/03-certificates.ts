import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { market, supervisor, services } = CAST;
const licence = `certificate/${market}/DEMO-2026-1`;
const second = `certificate/${market}/DEMO-2026-2`;
const fields =
  '--meta title=演示许可证 --meta number=DEMO-2026-1 --meta holder=骑缝演示企业甲 --meta expires=2099-12-31';

/** Row 3: sealed certificates, of which a holder shows chosen fields; suspended, resumed, changed, withdrawn. */
export const certificates: System = {
  name: '03-certificates',
  title: { zh: '电子证照与无证通办', en: 'Electronic certificates' },
  profiles: ['certificate'],
  steps: [
    {
      say: 'The organ issues a licence; its number, holder and term go onto the ledger as salted commitments only.',
      run: `qifeng act ${licence} issue licence.md ${fields} --key ${market}`,
      as: ['issued'],
    },
    {
      say: 'What the ledger shows of it: neither the number nor the holder.',
      run: 'GET /v1/records/{issued}',
      pick: ['leaf.entry.profile', 'leaf.entry.action'],
      hides: ['DEMO-2026-1', '骑缝演示企业甲', '演示许可证'],
    },
    {
      say: 'The receipt opens it for the holder, who keeps it.',
      run: 'qifeng info licence.md.tlog-proof --json',
      pick: ['verified', 'disclosed.meta'],
      shows: ['DEMO-2026-1', '骑缝演示企业甲'],
      finds: { sealed: '"id": "([0-9a-f]{64})"' },
    },
    {
      say: 'For a counter the holder opens two fields and no more.',
      run: 'qifeng present licence.md.tlog-proof --disclose title,expires --out shown.tlog-proof',
      shows: ['2099-12-31'],
      hides: ['骑缝演示企业甲'],
    },
    {
      say: 'The counter sees what was shown, proven, and that the rest is hidden;',
      run: 'qifeng info shown.tlog-proof --json',
      pick: ['verified', 'disclosed.meta', 'disclosed.hidden'],
      shows: ['演示许可证', '2099-12-31'],
      hides: ['骑缝演示企业甲', 'DEMO-2026-1'],
    },
    {
      say: 'and how the certificate stands now: in force.',
      run: `qifeng status certificate/${market}/{sealed}`,
      shows: ['In force'],
    },
    {
      say: 'It is suspended.',
      run: `qifeng act ${licence} suspend --meta reason=演示：限期整改 --key ${market}`,
    },
    {
      say: 'The same question at the counter:',
      run: `qifeng status certificate/${market}/{sealed}`,
      shows: ['Suspended'],
    },
    {
      say: 'While it is suspended it is not changed.',
      run: `qifeng act ${licence} change licence-2.md --meta scope=演示 --receipts refused --key ${market}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    { say: 'It is resumed', run: `qifeng act ${licence} resume --key ${market}` },
    {
      say: 'and changed: a second version.',
      run: `qifeng act ${licence} change licence-2.md --meta scope=演示食品经营（含网络） --key ${market}`,
    },
    {
      say: 'Another organ cannot revoke it.',
      run: `qifeng act certificate/${market}/{sealed} revoke --receipts refused --key ${services}`,
      ends: 4,
      shows: ['profile-not-allowed'],
    },
    {
      say: 'The supervising organ of the same home withdraws it as a penalty (吊销).',
      run: `qifeng act certificate/${market}/{sealed} withdraw order.md --meta decision=演示决定 --key ${supervisor}`,
    },
    {
      say: 'After that the certificate is at an end,',
      run: `qifeng act ${licence} resume --receipts refused --key ${market}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'as everybody sees who was shown it.',
      run: `qifeng status certificate/${market}/{sealed}`,
      shows: ['Revoked'],
    },
    {
      say: 'A second licence is issued and given up by its holder.',
      run: `qifeng act ${second} issue licence-2.md --meta number=DEMO-2026-2 --receipts second --key ${market}`,
    },
    {
      say: '注销.',
      run: `qifeng act ${second} cancel --meta reason=演示：申请注销 --receipts second --key ${market}`,
    },
  ],
};
