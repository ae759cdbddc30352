import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { fiscal, company, shenzhen, tax } = CAST;
const bill = (n: number) => `bill/${fiscal}/11010126-000000000${n}`;
const invoice = `invoice/${tax}/26112000000000000001`;
const older = `invoice/${tax}/01100260011100000002`;

/** Row 6: electronic bills and invoices issued in a batch, booked once, reversed. */
export const bills: System = {
  name: '06-bills',
  title: { zh: '财政电子票据与电子发票', en: 'Electronic bills and invoices' },
  profiles: ['bill', 'invoice'],
  steps: [
    {
      say: 'The fiscal organ issues a bill that names who alone may book it,',
      run: `qifeng stamp --table named-bills.csv --profile bill --action issue-to --key ${fiscal}`,
      shows: ['1 of 1 rows recorded'],
    },
    {
      say: 'and two that name nobody, under one signature.',
      run: `qifeng stamp --table bills.csv --profile bill --action issue --key ${fiscal}`,
      shows: ['2 of 2 rows recorded'],
    },
    {
      say: 'In a batch with one bad bill code that bill is named, with its line, and is not issued.',
      run: `qifeng stamp --table bad-batch.csv --profile bill --action issue --receipts batch --key ${fiscal}`,
      ends: 4,
      shows: ['line 3', 'bad-field', '1 of 2 rows recorded'],
    },
    {
      say: 'The first bill once more under another id, so that it could be booked twice: refused, a bill is named by its code and number.',
      run: `qifeng act bill/${fiscal}/11010126-0000000001-B issue bill-1.md --meta code=11010126 --meta number=0000000001 --meta amount=12800 --receipts refused --key ${fiscal}`,
      ends: 4,
      shows: ['wrong-subject-id', 'is 11010126-0000000001'],
    },
    {
      say: 'Under its own id, which the fields say: refused, it is issued already.',
      run: `qifeng act bill/${fiscal} issue bill-1.md --meta code=11010126 --meta number=0000000001 --meta amount=12800 --receipts refused --key ${fiscal}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'Somebody else, who was given a copy of the first bill, is not let book it.',
      run: `qifeng act ${bill(1)} book-named --meta period=2026-11-01 --receipts refused --key ${tax}`,
      ends: 4,
      shows: ['not-owner'],
    },
    {
      say: 'Nor in the way of a bill that names nobody.',
      run: `qifeng act ${bill(1)} book --meta period=2026-11-01 --receipts refused --key ${tax}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'The organisation that paid books it.',
      run: `qifeng act ${bill(1)} book-named --meta period=2026-11-01 --meta voucher=演示-1 --key ${company}`,
      shows: ['ok'],
    },
    {
      say: 'To book it a second time is refused: no double reimbursement.',
      run: `qifeng act ${bill(1)} book-named --meta period=2026-12-01 --meta voucher=演示-2 --receipts refused --key ${company}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'A bill in the name of the fiscal organ that it did not issue: refused.',
      run: `qifeng act bill/${fiscal}/11010126-0000000099 issue red.md --meta code=11010126 --meta number=0000000099 --meta amount=1 --receipts refused --key ${company}`,
      ends: 4,
      shows: ['not-'],
    },
    {
      say: 'The second bill names nobody, so that whichever organisation reimburses it may book it, once. It is reversed by its issuer with a red-letter bill.',
      run: `qifeng act ${bill(2)} reverse red.md --meta reason=演示：开具有误 --meta amount=45000 --key ${fiscal}`,
    },
    {
      say: 'A reversed bill cannot be booked.',
      run: `qifeng act ${bill(2)} book --meta period=2026-11-01 --receipts refused --key ${company}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'Where the three stand: booked,',
      run: `GET /v1/subjects/${bill(1)}`,
      pick: ['standing.state', 'standing.version'],
      shows: ['booked'],
    },
    { say: 'reversed,', run: `GET /v1/subjects/${bill(2)}`, pick: ['standing.state'], shows: ['reversed'] },
    { say: 'issued.', run: `GET /v1/subjects/${bill(3)}`, pick: ['standing.state'], shows: ['issued'] },
    {
      say: 'The accountant asks before booking the third, which names nobody, with the file alone: it is open to whoever books first.',
      run: 'qifeng status bill-3.md',
    },
    {
      say: '电子发票: the tax organ publishes two invoices of a seller, each by its number; that of the older form has its code of 12 digits before its number of 8.',
      run: `qifeng stamp --table invoices.csv --profile invoice --action issue --key ${tax}`,
      shows: ['2 of 2 rows recorded'],
    },
    {
      say: 'A number of any other length is none: refused.',
      run: `qifeng act invoice/${tax} issue invoice-2.md --meta number=00000002 --meta amount=22600 --meta seller=${company} --receipts refused --key ${tax}`,
      ends: 4,
      shows: ['bad-field', '20 digits'],
    },
    {
      say: 'The first invoice a second time, to be booked twice: refused, its number is its name.',
      run: `qifeng act invoice/${tax} issue invoice-1.md --meta number=26112000000000000001 --meta amount=11300 --meta seller=${company} --receipts refused --key ${tax}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'The buyer, in another province, books it,',
      run: `qifeng act ${invoice} book --meta period=2026-11-01 --meta voucher=演示-3 --key ${shenzhen}`,
      shows: ['ok'],
    },
    {
      say: 'and nobody books it again.',
      run: `qifeng act ${invoice} book --meta period=2026-12-01 --meta voucher=演示-4 --receipts refused --key ${company}`,
      ends: 4,
      shows: ['action-not-allowed', 'is booked'],
    },
    {
      say: '红字发票: the one of the older form is reversed by a red-letter invoice,',
      run: `qifeng act ${older} reverse red-invoice.md --meta reason=演示：销货退回 --meta red-number=26112000000000000003 --meta amount=22600 --key ${tax}`,
    },
    {
      say: 'and booked no more.',
      run: `qifeng act ${older} book --meta period=2026-11-01 --receipts refused --key ${shenzhen}`,
      ends: 4,
      shows: ['action-not-allowed', 'is reversed'],
    },
    {
      say: 'Whoever is given the file of a reversed invoice and asks does not pay for it.',
      run: 'qifeng verify invoice-2.md --in-force',
      ends: 1,
    },
  ],
};
