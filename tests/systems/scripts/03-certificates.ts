import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { market, supervisor, services } = CAST;
const licence = `certificate/${market}/DEMO-2026-1`;
const second = `certificate/${market}/DEMO-2026-2`;
const third = `certificate/${market}/DEMO-2020-3`;
/** GB/T 36904-2018, with its check character; a later version of the certificate has its own. */
const id = (version: '001.N' | '001.M' | '002.L') =>
  `1.2.156.3005.2.${market}001.${market}.DEMO20260001.${version}`;
const term = '--meta effective=2020-01-01 --meta expires=2099-12-31';
const fields = `--meta certificate-id=${id('001.N')} --meta title=演示许可证 --meta number=DEMO-2026-1 --meta holder=骑缝演示企业甲 ${term}`;

/** Row 3: sealed certificates, of which a holder shows chosen fields; suspended, resumed, changed, withdrawn. */
export const certificates: System = {
  name: '03-certificates',
  title: { zh: '电子证照与无证通办', en: 'Electronic certificates' },
  profiles: ['certificate'],
  steps: [
    {
      say: 'A certificate identifier with a wrong check character (GB/T 36904) does not get as far as being sealed.',
      run: `qifeng act ${licence} issue licence.md --meta certificate-id=${id('001.M')} --key ${market}`,
      ends: 2,
      shows: ['certificate identifier'],
    },
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
      say: 'By the file alone nobody finds a sealed record; the receipt beside the file leads to where it stands.',
      run: 'qifeng status licence.md --json',
      pick: ['verdict', 'subjects[0].current'],
      shows: ['in-force'],
    },
    {
      say: 'For a counter the holder opens four fields and no more.',
      run: 'qifeng present licence.md.tlog-proof --disclose certificate-id,title,effective,expires --out shown.tlog-proof',
      shows: ['2099-12-31'],
      hides: ['骑缝演示企业甲'],
    },
    {
      say: 'The counter sees what was shown, proven, and that the rest is hidden;',
      run: 'qifeng info shown.tlog-proof --json',
      pick: ['verified', 'disclosed.meta', 'disclosed.flaws', 'disclosed.hidden'],
      shows: ['演示许可证', '2099-12-31', '"flaws": []'],
      hides: ['骑缝演示企业甲', 'DEMO-2026-1'],
    },
    {
      say: 'and, from the presentation alone, whether it is in force now: by its standing, its version and its dates.',
      run: 'qifeng status shown.tlog-proof --in-force',
      shows: ['In force'],
    },
    {
      say: 'A presentation that keeps the term back proves nothing of the kind.',
      run: 'qifeng present licence.md.tlog-proof --disclose title --out titled.tlog-proof',
    },
    {
      say: 'It is refused.',
      run: 'qifeng status titled.tlog-proof --in-force',
      ends: 1,
      shows: ['Its dates are not shown', 'effective, expires'],
    },
    {
      say: 'The certificate is suspended.',
      run: `qifeng act ${licence} suspend --meta reason=演示：限期整改 --key ${market}`,
    },
    {
      say: 'The same question at the counter:',
      run: 'qifeng status shown.tlog-proof --in-force',
      ends: 1,
      shows: ['Suspended', 'its standing is suspended'],
    },
    {
      say: 'While it is suspended it is not changed.',
      run: `qifeng act ${licence} change licence-2.md --meta scope=演示 --receipts refused --key ${market}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    { say: 'It is resumed', run: `qifeng act ${licence} resume --key ${market}` },
    {
      say: 'and changed: a second version, which states its term again.',
      run: `qifeng act ${licence} change licence-2.md --meta certificate-id=${id('002.L')} --meta scope=演示食品经营（含网络） ${term} --key ${market}`,
    },
    {
      say: 'A counter that is shown the first version refuses it, though its term is not over: it is outdated.',
      run: 'qifeng status shown.tlog-proof --in-force',
      ends: 1,
      shows: ['Superseded', 'the present text is another file'],
    },
    {
      say: 'The holder shows the second one instead:',
      run: 'qifeng present licence-2.md.tlog-proof --disclose certificate-id,scope,effective,expires --out shown-2.tlog-proof',
    },
    { say: 'in force.', run: 'qifeng status shown-2.tlog-proof --in-force', shows: ['In force'] },
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
      run: 'qifeng status shown-2.tlog-proof --in-force',
      ends: 1,
      shows: ['Revoked', 'Withdrawn as a penalty'],
    },
    {
      say: 'A third licence ran out at the end of its term; no record says so, and the ledger does not know its term.',
      run: `qifeng act ${third} issue order.md --meta title=演示许可证 --meta effective=2020-01-01 --meta expires=2020-12-31 --receipts third --key ${market}`,
    },
    {
      say: 'Its holder shows it all the same,',
      run: 'qifeng present third/DEMO-2020-3.issue.tlog-proof --disclose title,effective,expires --out shown-3.tlog-proof',
    },
    {
      say: 'and is refused: expired.',
      run: 'qifeng status shown-3.tlog-proof --in-force',
      ends: 1,
      shows: ['Lapsed', 'its standing is lapsed'],
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
