import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { hospital, drugs, farmSafety, hebei, jilinCompany } = CAST;
const device = `goods/${hospital}/ECG-0001`;
const medicine = `goods/${hospital}/DRUG-2020-08`;
const lot = `produce/${jilinCompany}/RICE-2026-01`;

/** Row 7: a device through nine steps, from application to disposal; a lot of a medicine in the same profile; a lot of produce from harvest to recall. */
export const goodsTrace: System = {
  name: '07-goods-trace',
  title: { zh: '物品赋码追溯', en: 'Goods trace' },
  profiles: ['goods', 'produce'],
  steps: [
    {
      say: '1 申请: the hospital applies for a device and gives it its code.',
      run: `qifeng act ${device} apply application.md --meta name=演示心电图机 --meta model=DEMO-ECG --meta quantity=1 --meta budget=3000000 --key ${hospital}`,
    },
    {
      say: 'The hospital cannot approve its own application,',
      run: `qifeng act ${device} approve --receipts refused --key ${hospital}`,
      ends: 4,
      shows: ['not-entitled'],
    },
    {
      say: 'nor can it buy before it is approved.',
      run: `qifeng act ${device} purchase contract.md --receipts refused --key ${hospital}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: '2 审批: the supervising organ of its province approves.',
      run: `qifeng act ${device} approve --key ${drugs}`,
    },
    {
      say: '3 采购: purchase.',
      run: `qifeng act ${device} purchase contract.md --meta contract=演示-7 --meta price=2800000 --key ${hospital}`,
    },
    {
      say: '4 验收: acceptance, with the serial number; no acceptance without its paper.',
      run: `qifeng act ${device} accept --meta serial=DEMO-0001 --receipts refused --key ${hospital}`,
      ends: 4,
      shows: ['digest-required'],
    },
    {
      say: 'With it:',
      run: `qifeng act ${device} accept acceptance.md --meta serial=DEMO-0001 --meta made=2026-08-01 --meta result=合格 --key ${hospital}`,
    },
    {
      say: 'The receipt of the acceptance as a QR code on the device: whoever scans it has the whole receipt and verifies offline.',
      run: 'qifeng info acceptance.md.tlog-proof --qr device.svg --json',
      pick: ['verified', 'qr.file', 'qr.holds'],
      shows: ['"receipt"'],
    },
    { say: '5 使用: put to use.', run: `qifeng act ${device} use --meta place=演示门诊 --key ${hospital}` },
    {
      say: '6 管理: the yearly check.',
      run: `qifeng act ${device} manage check.md --meta check=在位完好 --key ${hospital}`,
    },
    {
      say: '7 维护: upkeep.',
      run: `qifeng act ${device} maintain upkeep.md --meta work=校准 --meta next=2027-05-01 --key ${hospital}`,
    },
    {
      say: '8 维修: repair.',
      run: `qifeng act ${device} repair fault.md --meta reason=屏幕不亮 --key ${hospital}`,
    },
    {
      say: 'What is under repair is not maintained.',
      run: `qifeng act ${device} maintain --meta work=校准 --receipts refused --key ${hospital}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'A stranger cannot put it back to use.',
      run: `qifeng act ${device} use --receipts refused --key ${hebei}`,
      ends: 4,
      shows: ['not-allowed'],
    },
    {
      say: 'Back in use,',
      run: `qifeng act ${device} use --meta place=演示病房 --receipts again --key ${hospital}`,
    },
    {
      say: '9 报废: and scrapped.',
      run: `qifeng act ${device} scrap scrap.md --meta reason=无维修价值 --key ${hospital}`,
    },
    {
      say: 'The trace: ten records, none left out.',
      run: `qifeng history ${device}`,
      shows: ['Scrapped'],
    },
    {
      say: '药品: a lot of a medicine goes the same way in the same profile; the hospital applies for it,',
      run: `qifeng act ${medicine} apply drug-application.md --meta name=演示注射液 --meta model=10ml --meta quantity=200 --key ${hospital}`,
    },
    { say: 'the organ approves,', run: `qifeng act ${medicine} approve --key ${drugs}` },
    {
      say: 'the hospital purchases,',
      run: `qifeng act ${medicine} purchase drug-contract.md --meta contract=演示-8 --key ${hospital}`,
    },
    {
      say: 'and accepts it with its batch and its last day.',
      run: `qifeng act ${medicine} accept drug-acceptance.md --meta serial=DEMO-LOT-08 --meta batch=DEMO-20200801 --meta made=2020-08-01 --meta expires=2022-07-31 --meta result=合格 --key ${hospital}`,
    },
    {
      say: 'After that day it is not good any more, whatever was recorded,',
      run: 'qifeng verify drug-acceptance.md --in-force',
      ends: 1,
      shows: ['not-in-force', 'lapsed'],
    },
    {
      say: 'and what is left of it is destroyed.',
      run: `qifeng act ${medicine} scrap drug-scrap.md --meta reason=演示：过期 --key ${hospital}`,
    },
    {
      say: 'Its trace: five records, none left out.',
      run: `qifeng history ${medicine}`,
      shows: ['Scrapped', 'complete: 5 of 5'],
    },
    {
      say: '农产品: a lot of rice has its code from the harvest on.',
      run: `qifeng act ${lot} harvest lot.md --meta name=演示大米 --meta origin-place=吉林 --meta quantity=2000 --meta made=2026-10-08 --meta region=220000 --key ${jilinCompany}`,
    },
    {
      say: 'It is not sold untested,',
      run: `qifeng act ${lot} sell --receipts refused --key ${jilinCompany}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'and the producer does not pass its own lot.',
      run: `qifeng act ${lot} test test-report.md --meta result=合格 --receipts refused --key ${jilinCompany}`,
      ends: 4,
      shows: ['not-entitled'],
    },
    {
      say: '检测: the supervising organ of its province does, with the report.',
      run: `qifeng act ${lot} test test-report.md --meta result=合格 --meta made=2026-10-10 --key ${farmSafety}`,
    },
    {
      say: '发运: shipped,',
      run: `qifeng act ${lot} ship --meta place=演示市场 --meta quantity=2000 --key ${jilinCompany}`,
    },
    { say: '销售: and sold.', run: `qifeng act ${lot} sell --meta place=演示门店 --key ${jilinCompany}` },
    {
      say: 'The receipt of the harvest as a QR code on the package.',
      run: 'qifeng info lot.md.tlog-proof --qr lot.svg --json',
      pick: ['verified', 'qr.file', 'qr.holds'],
      shows: ['"receipt"'],
    },
    {
      say: 'A sample of it fails, and the organ orders the recall.',
      run: `qifeng act ${lot} order-recall recall.md --meta reason=演示：抽检不合格 --key ${farmSafety}`,
    },
    {
      say: 'The code on the package stays as genuine as it was; whoever asks how the lot stands learns of the recall.',
      run: 'qifeng verify lot.md --in-force',
      ends: 1,
      shows: ['not-in-force', 'revoked'],
    },
    {
      say: 'It is sold no more.',
      run: `qifeng act ${lot} sell --receipts refused --key ${jilinCompany}`,
      ends: 4,
      shows: ['is recalled'],
    },
    {
      say: 'From the field to the recall: five records, none left out.',
      run: `qifeng history ${lot}`,
      shows: ['Recalled', 'complete: 5 of 5'],
    },
  ],
};
