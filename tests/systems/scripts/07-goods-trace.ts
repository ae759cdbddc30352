import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { hospital, drugs, hebei } = CAST;
const device = `goods/${hospital}/ECG-0001`;

/** Row 7: a device through nine steps, from application to disposal. */
export const goodsTrace: System = {
  name: '07-goods-trace',
  title: { zh: '物品赋码追溯', en: 'Goods trace' },
  profiles: ['goods'],
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
  ],
};
