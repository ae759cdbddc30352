import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { data, services, guizhou } = CAST;
const basic = `dataset/${data}/enterprise-basic`;
const request = `sharing/${services}/request-1`;

/** Row 4: a catalogue, a request, a grant, each use a record; a matter decided at once on what was shared. */
export const dataSharing: System = {
  name: '04-data-sharing',
  title: { zh: '政务信息资源共享与秒批', en: 'Shared data and instant approval' },
  profiles: ['dataset', 'sharing', 'matter'],
  steps: [
    {
      say: 'The data organ lists a set that is shared on conditions,',
      run: `qifeng act ${basic} offer-on-conditions catalogue.md --meta title=演示企业基本信息 --meta conditions=仅用于事项核验 --meta items=名称、代码、状态 --key ${data}`,
      as: ['basic'],
    },
    {
      say: 'one that is shared without conditions,',
      run: `qifeng act dataset/${data}/regions offer open.md --meta title=演示行政区划代码 --key ${data}`,
    },
    {
      say: 'and one that is not shared.',
      run: `qifeng act dataset/${data}/internal withhold closed.md --meta title=演示内部台账 --key ${data}`,
    },
    {
      say: 'What is not shared cannot be asked for.',
      run: `qifeng act sharing/${services}/request-0 request --meta purpose=演示 --link of=dataset/${data}/internal --receipts refused --key ${services}`,
      ends: 4,
      shows: ['link'],
    },
    {
      say: 'The service hall asks for the first; a request names its data set.',
      run: `qifeng act ${request} request --meta purpose=许可事项核验 --receipts refused --key ${services}`,
      ends: 4,
      shows: ['missing-link'],
    },
    {
      say: 'With the link:',
      run: `qifeng act ${request} request --meta purpose=许可事项核验 --link of=${basic} --key ${services}`,
      as: ['request'],
    },
    {
      say: 'Nothing is used before it is granted,',
      run: `qifeng act ${request} use query-1.md --meta purpose=核验 --receipts refused --key ${services}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'and the hall cannot grant to itself: that is for the organ whose data it is.',
      run: `qifeng act ${request} grant --receipts refused --key ${services}`,
      ends: 4,
      shows: ['not-owner'],
    },
    {
      say: 'The data organ grants.',
      run: `qifeng act ${request} grant --meta conditions=每次使用均须登记 --meta expires=2099-12-31 --key ${data}`,
    },
    {
      say: 'Before a use the hall asks whether the grant is in force today;',
      run: `qifeng status ${request} --in-force`,
      shows: ['In force (Granted)'],
    },
    {
      say: 'and each use is a record.',
      run: `qifeng act ${request} use query-1.md --meta purpose=核验一家企业 --meta matter=演示-1 --meta rows=1 --key ${services}`,
    },
    {
      say: 'An application comes in,',
      run: `qifeng act matter/${services}/case-1 accept --meta item=演示许可 --meta applicant=${CAST.company} --key ${services}`,
    },
    {
      say: 'and is approved at once on what was shared: the decision links to the very use.',
      run: `qifeng act matter/${services}/case-1 approve decision.md --meta mode=秒批 --link checked=${request} --key ${services}`,
    },
    {
      say: 'Its receipt is checked by a machine without the network.',
      run: 'qifeng verify decision.md --offline --json',
      shows: ['"verified": true'],
      pick: ['verified', 'record.action'],
    },
    {
      say: 'What is shared without conditions is subscribed to, with no grant.',
      run: `qifeng act sharing/${services}/subscription-1 subscribe --meta purpose=演示地图 --link of=dataset/${data}/regions --key ${services}`,
    },
    {
      say: 'A grant ends with its last day for whoever asks. Here is one that ended long ago:',
      run: `qifeng act sharing/${services}/request-2 request --meta purpose=演示：已过期 --link of=dataset/${data}/enterprise-basic --key ${services}`,
    },
    {
      say: 'it is granted,',
      run: `qifeng act sharing/${services}/request-2 grant --meta expires=2020-12-31 --key ${data}`,
    },
    {
      say: 'and not in force;',
      run: `qifeng status sharing/${services}/request-2 --in-force`,
      ends: 1,
      shows: ['Lapsed'],
    },
    {
      say: 'the ledger looks at no calendar and takes a use all the same. So the data organ asks before it answers.',
      run: `qifeng act sharing/${services}/request-2 use --meta purpose=核验 --key ${services}`,
    },
    {
      say: 'The organ revokes the grant;',
      run: `qifeng act ${request} revoke --meta reason=演示：用途已了 --key ${data}`,
    },
    {
      say: 'a use after that is refused,',
      run: `qifeng act ${request} use query-2.md --meta purpose=核验 --receipts refused --key ${services}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'and so is a decision that relies on it.',
      run: `qifeng act matter/${services}/case-2 accept --meta item=演示许可 --key ${services}`,
    },
    {
      say: 'The link is to a grant that no longer stands.',
      run: `qifeng act matter/${services}/case-2 approve --meta mode=秒批 --link checked=${request} --receipts refused --key ${services}`,
      ends: 4,
      shows: ['link'],
    },
    {
      say: 'An organ that has no part in sharing cannot ask in the hall’s name.',
      run: `qifeng act sharing/${services}/request-9 request --meta purpose=演示 --link of=${basic} --receipts refused --key ${guizhou}`,
      ends: 4,
      shows: ['not-issuer'],
    },
    {
      say: 'Who asked, who granted, who looked: the whole of it.',
      run: `qifeng history ${request}`,
      shows: ['Revoked'],
    },
  ],
};
