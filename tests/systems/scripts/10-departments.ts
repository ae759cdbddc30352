import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { district, operators, supervisor, services } = CAST;
const accept = (n: number) =>
  `qifeng act matter/${district}/case-${n} accept case-${n}.md --meta item=演示事项`;

/** Row 10: many departments on one ledger: roles, quotas, suspension, new keys. */
export const departments: System = {
  name: '10-departments',
  title: { zh: '政务区块链支撑服务平台：统管共用', en: 'Many departments on one ledger' },
  profiles: ['matter'],
  steps: [
    {
      say: 'What the member let a department do: its roles and its quota a day.',
      run: `GET /v1/publishers/${district}`,
      pick: ['roles', 'quota', 'status'],
      shows: ['matter'],
    },
    { say: 'The department accepts a case,', run: `${accept(1)} --key ${district}` },
    { say: 'a second,', run: `${accept(2)} --key ${district}` },
    { say: 'a third.', run: `${accept(3)} --key ${district}` },
    {
      say: 'A fourth is beyond its quota.',
      run: `${accept(4)} --key ${district}`,
      ends: 4,
      shows: ['quota'],
    },
    {
      say: 'The member gives it more, with the approval of its validator key.',
      run: `qifeng publishers set ${district} --quota 10 --key ${operators}`,
    },
    { say: 'Now the fourth is recorded.', run: `${accept(4)} --key ${district}` },
    {
      say: 'It may not use profiles that are not its own.',
      run: `qifeng stamp case-5.md --profile policy --key ${district}`,
      ends: 4,
      shows: ['profile-not-allowed'],
    },
    {
      say: 'Nor is it for a department to revoke its own decision: that is the supervisor’s.',
      run: `qifeng act matter/${district}/case-1 approve --key ${district}`,
    },
    {
      say: 'Refused,',
      run: `qifeng act matter/${district}/case-1 revoke --meta reason=演示 --receipts refused --key ${district}`,
      ends: 4,
      shows: ['not-entitled'],
    },
    {
      say: 'and by the supervisor recorded.',
      run: `qifeng act matter/${district}/case-1 revoke --meta reason=演示：抽查 --key ${supervisor}`,
    },
    {
      say: 'The member suspends the department;',
      run: `qifeng publishers suspend ${district} --key ${operators}`,
    },
    {
      say: 'what it signs from then on is refused,',
      run: `qifeng act matter/${district}/case-2 approve --receipts refused --key ${district}`,
      ends: 4,
      shows: ['publisher-suspended'],
    },
    {
      say: 'what it signed before stays valid.',
      run: 'qifeng verify case-2.md',
      shows: ['verified'],
    },
    { say: 'It is reinstated.', run: `qifeng publishers reinstate ${district} --key ${operators}` },
    { say: 'And goes on.', run: `qifeng act matter/${district}/case-2 approve --key ${district}` },
    {
      say: 'A new department is enrolled with a key of its own,',
      run: 'qifeng publishers add 11110000DEM000021E --name 北京市演示新设部门（演示） --member 110000 --roles matter --quota 5 --make-key',
    },
    {
      say: 'and records at once.',
      run: 'qifeng act matter/11110000DEM000021E/case-5 accept case-5.md --meta item=演示事项 --key 11110000DEM000021E',
    },
    {
      say: 'Everything a department recorded, none left out.',
      run: `qifeng history ${district}`,
      shows: ['complete: 6 of 6'],
    },
    {
      say: 'A second department sees its own cases and cannot touch others’.',
      run: `qifeng act matter/${district}/case-3 approve --receipts refused --key ${services}`,
      ends: 4,
      shows: ['not-issuer'],
    },
  ],
};
