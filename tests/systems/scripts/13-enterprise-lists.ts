import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { market, company, operators } = CAST;
const enterprise = '91110108551385082Q';
const list = `registry-list/${market}/key-enterprises`;

/** Row 13: enterprises enrolled in bulk, suspended and re-keyed; a signed list with versions. */
export const enterpriseLists: System = {
  name: '13-enterprise-lists',
  title: { zh: '企业上链与重点企业名单库', en: 'Enterprises and registry lists' },
  profiles: ['registry-list', 'evidence'],
  steps: [
    {
      say: 'A member enrols enterprises from a table; the lines that are wrong are named, the others go on.',
      run: `qifeng publishers import enterprises.csv --make-keys --report refused.csv --key ${operators}`,
      ends: 4,
      shows: ['bad-uscc', 'bad-home', 'named-twice', 'bad-role', '2 enrolled'],
    },
    {
      say: 'To do it again does no harm.',
      run: `qifeng publishers import enterprises.csv --make-keys --key ${operators}`,
      ends: 4,
      shows: ['0 enrolled', '2 already'],
    },
    {
      say: 'An enterprise records at once, in the profile it was enrolled for.',
      run: `qifeng act evidence/${enterprise}/deed-1 deposit list-1.csv --receipts enterprise --key ${enterprise}`,
    },
    {
      say: 'It makes a new key, which the member records in place of the old.',
      run: `qifeng --home enterprise --json keys new --publisher ${enterprise} --no-passphrase`,
      pick: ['publisher'],
      finds: { key: '"publicKey": "([0-9a-f]{64})"' },
    },
    {
      say: 'The member approves.',
      run: `qifeng publishers rekey ${enterprise} --public-key {key} --key ${operators}`,
    },
    {
      say: 'The old key is refused,',
      run: `qifeng act evidence/${enterprise}/deed-2 deposit list-2.csv --receipts refused --key ${enterprise}`,
      ends: 4,
      shows: ['wrong-key'],
    },
    {
      say: 'the new one holds,',
      run: `qifeng act evidence/${enterprise}/deed-2 deposit list-2.csv --receipts enterprise --key enterprise/keys/${enterprise}.pem`,
    },
    {
      say: 'until the enterprise is suspended.',
      run: `qifeng publishers suspend ${enterprise} --key ${operators}`,
    },
    {
      say: 'Refused:',
      run: `qifeng act evidence/${enterprise}/deed-2 withdraw --meta reason=演示 --receipts refused --key enterprise/keys/${enterprise}.pem`,
      ends: 4,
      shows: ['publisher-suspended'],
    },
    {
      say: 'The organ publishes its list.',
      run: `qifeng act ${list} publish list-1.csv --meta title=演示重点企业名单 --meta entries=1 --meta as-of=2026-11-02 --key ${market}`,
    },
    {
      say: 'A second version: one enterprise more.',
      run: `qifeng act ${list} update list-2.csv --meta entries=2 --meta added=1 --meta removed=0 --meta as-of=2026-11-09 --key ${market}`,
    },
    {
      say: 'Whoever still holds the first learns that there is a later one;',
      run: 'qifeng verify list-1.csv',
      shows: ['not the present text'],
    },
    {
      say: 'the second is the present one.',
      run: 'qifeng verify list-2.csv',
      hides: ['not the present text'],
    },
    {
      say: 'An enterprise cannot put itself on the list.',
      run: `qifeng act ${list} update list-1.csv --meta entries=3 --receipts refused --key ${company}`,
      ends: 4,
      shows: ['profile-not-allowed'],
    },
    {
      say: 'A list without the number of its entries: refused.',
      run: `qifeng act ${list} update list-2.csv --receipts refused --key ${market}`,
      ends: 4,
      shows: ['missing-field'],
    },
    {
      say: 'The list is suspended,',
      run: `qifeng act ${list} suspend --meta reason=演示：核查中 --key ${market}`,
    },
    { say: 'which a reader sees,', run: 'qifeng status list-2.csv', shows: ['Suspended'] },
    { say: 'and resumed.', run: `qifeng act ${list} resume --key ${market}` },
    { say: 'Its versions.', run: `qifeng history ${list}`, shows: ['complete: 4 of 4'] },
  ],
};
