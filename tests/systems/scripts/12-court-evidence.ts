import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { company, court } = CAST;
const snapshot = `evidence/${company}/snapshot-1`;

/** Finds the digest in a record's JSON. */
const DIGEST = '"digest":\\s*\\{[^}]*"hash":\\s*"([0-9a-f]{64})"';

/** Row 12: electronic evidence with its origin, submitted to and checked by a court. */
export const courtEvidence: System = {
  name: '12-court-evidence',
  title: { zh: '电子证据存证与核验', en: 'Electronic evidence' },
  profiles: ['evidence'],
  steps: [
    {
      say: 'A company deposits the snapshot of a page, with its origin: how, with what, by whom and when it was captured (art. 18).',
      run: `qifeng act ${snapshot} deposit page.md --meta title=网页快照（演示） --meta kind=电子数据 --meta source=演示网站首页 --meta made=2026-11-02 --origin origin.json --receipts deposited --key ${company}`,
      as: ['deposit'],
    },
    {
      say: 'An origin that leaves something out is none.',
      run: `qifeng act evidence/${company}/snapshot-2 deposit page.md --origin part.json --receipts refused --key ${company}`,
      ends: 2,
      shows: ['operator'],
    },
    {
      say: 'The record says so.',
      run: 'GET /v1/records/{deposit}',
      pick: ['leaf.entry.origin.method', 'leaf.entry.origin.tool', 'leaf.entry.origin.operator'],
      shows: ['演示取证工具'],
      finds: { page: DIGEST },
    },
    {
      say: 'It is submitted to a court.',
      run: `qifeng act ${snapshot} submit page.md --meta owner=${court} --meta case=演示案号 --key ${company}`,
    },
    {
      say: 'The party cannot write the court’s finding,',
      run: `qifeng act ${snapshot} verify check.md --receipts refused --key ${company}`,
      ends: 4,
      shows: ['not-owner'],
    },
    {
      say: 'and a finding needs its paper.',
      run: `qifeng act ${snapshot} verify --receipts refused --key ${court}`,
      ends: 4,
      shows: ['digest-required'],
    },
    {
      say: 'The court checks the file and its receipt, without the network,',
      run: 'qifeng verify page.md --offline',
      shows: ['verified'],
    },
    {
      say: 'and an altered copy with the same receipt, which fails.',
      run: 'qifeng verify page-altered.md --receipt page.md.tlog-proof --offline',
      ends: 1,
    },
    {
      say: 'It records its finding.',
      run: `qifeng act ${snapshot} verify check.md --meta case=演示案号 --meta method=摘要比对与凭证验证 --key ${court}`,
      as: ['found'],
    },
    {
      say: 'For programs the record says which file it is.',
      run: 'GET /v1/records/{found}',
      pick: ['leaf.entry.action'],
      finds: { check: DIGEST },
    },
    {
      say: 'The page stays what the evidence is,',
      run: 'qifeng verify page.md --in-force',
      shows: ['✓ page.md', 'In force'],
      hides: ['not the present text'],
    },
    {
      say: 'and the finding is an enclosure, not the evidence itself.',
      run: 'qifeng verify check.md --in-force',
      ends: 1,
      shows: ['enclosed-file', 'Evidence · Verify'],
      hides: ['✓'],
    },
    {
      say: 'So says the badge of the page,',
      run: 'GET /v1/badge/sha256:{page}.svg?lang=en',
      brief: true,
      shows: ['On ledger · in force'],
    },
    {
      say: 'and that of the finding.',
      run: 'GET /v1/badge/sha256:{check}.svg?lang=en',
      brief: true,
      shows: ['On ledger · enclosure'],
    },
    {
      say: 'Evidence that was found verified is not withdrawn.',
      run: `qifeng act ${snapshot} withdraw --meta reason=演示 --receipts refused --key ${company}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    { say: 'The history of the evidence, complete.', run: `qifeng history ${snapshot}`, shows: ['Verified'] },
    {
      say: 'For the file of the case: the report along articles 16 to 19 of the online litigation rules, one file to open or print (A4, in Chinese).',
      run: 'qifeng report page.md --out report.html',
      shows: ['report written', '3 records'],
    },
    {
      say: 'There is none on the altered copy.',
      run: 'qifeng report page-altered.md --receipt page.md.tlog-proof --out altered.html',
      ends: 1,
      shows: ['no report was written'],
    },
  ],
};
