import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { buyer, bank, fujian, hebei } = CAST;
/** An identity number that belongs to nobody, with its check character (GB 11643). */
const PERSON = '11010519491231002X';
const receivable = `receivable/${buyer}/INV-1`;

/** Row 5: a sealed receivable, financed once; a sealed certificate of social insurance; no amounts, parties or personal data on the ledger. */
export const supplyChainFinance: System = {
  name: '05-supply-chain-finance',
  title: { zh: '贸易融资与供应链金融', en: 'Trade and supply-chain finance' },
  profiles: ['receivable', 'certificate', 'credit'],
  steps: [
    {
      say: 'The core enterprise confirms what it owes; amount and parties are sealed.',
      run: `qifeng act ${receivable} confirm receivable.md --meta amount=50000000 --meta creditor=演示供应商 --meta due=2027-02-01 --key ${buyer}`,
      as: ['confirmed'],
    },
    {
      say: 'The ledger holds no amount and no name.',
      run: 'GET /v1/records/{confirmed}',
      pick: ['leaf.entry.profile', 'leaf.entry.action'],
      hides: ['50000000', '演示供应商', 'INV-1'],
    },
    {
      say: 'The supplier gets the receipt, which opens it,',
      run: 'qifeng info receivable.md.tlog-proof --json',
      pick: ['verified', 'disclosed.meta'],
      shows: ['50000000'],
      finds: { sealed: '"id": "([0-9a-f]{64})"' },
    },
    {
      say: 'and shows a bank amount and term, not the contract.',
      run: 'qifeng present receivable.md.tlog-proof --disclose amount,due,digest --out for-bank.tlog-proof',
      shows: ['50000000'],
      hides: ['演示供应商'],
    },
    {
      say: 'The bank checks the file against it.',
      run: 'qifeng verify receivable.md --receipt for-bank.tlog-proof',
      shows: ['verified'],
    },
    {
      say: 'It finances.',
      run: `qifeng act receivable/${buyer}/{sealed} finance loan.md --meta amount=45000000 --key ${bank}`,
    },
    {
      say: 'Its loan contract came with that, and is not the receivable.',
      run: 'qifeng verify loan.md --in-force',
      ends: 1,
      shows: ['enclosed-file', 'accompanied the action'],
      hides: ['✓'],
    },
    {
      say: 'The same receivable is financed no second time,',
      run: `qifeng act receivable/${buyer}/{sealed} finance loan-2.md --meta amount=45000000 --receipts refused --key ${fujian}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'and not by whoever has no part in it.',
      run: `qifeng act receivable/${buyer}/{sealed} finance loan-2.md --receipts refused --key ${hebei}`,
      ends: 4,
      shows: ['profile-not-allowed'],
    },
    {
      say: 'Nor is it assigned any more.',
      run: `qifeng act ${receivable} assign --meta creditor=另一演示供应商 --receipts refused --key ${buyer}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    { say: 'It is paid.', run: `qifeng act ${receivable} settle --meta amount=50000000 --key ${buyer}` },
    {
      say: 'What everybody may know: three records, and that it is settled.',
      run: `qifeng history receivable/${buyer}/{sealed}`,
      shows: ['Settled', 'complete: 3 of 3'],
      hides: ['50000000', '演示供应商'],
    },
    {
      say: 'That holds for one id. The same paper confirmed under another is another receivable, and the ledger cannot see that it is the same,',
      run: `qifeng act receivable/${buyer}/INV-1-AGAIN confirm receivable.md --meta amount=50000000 --meta creditor=演示供应商 --receipts twin --key ${buyer}`,
    },
    {
      say: 'nor can a search by its number, nor by its digest.',
      run: 'qifeng search INV-1 --profile receivable --json',
      pick: ['results'],
      shows: ['[]'],
    },
    {
      say: 'What a bank sees is that the enterprise confirmed twice; it asks for both to be opened before it pays.',
      run: `qifeng history ${buyer}`,
      shows: ['complete'],
    },
    {
      say: '医社保: the organ certifies that a person takes part in social insurance, with name and identity number, both sealed.',
      run: `qifeng act certificate/${fujian}/SI-1 issue insured.md --meta title=演示参保证明 --meta holder=演示参保人 --meta holder-id=${PERSON} --key ${fujian}`,
      as: ['insured'],
    },
    {
      say: 'The ledger holds neither.',
      run: 'GET /v1/records/{insured}',
      pick: ['leaf.entry.profile', 'leaf.entry.action'],
      hides: [PERSON, '参保'],
    },
    {
      say: 'The insured shows a clinic the certificate and the name, and keeps the number.',
      run: 'qifeng present insured.md.tlog-proof --disclose title,holder,digest --out for-clinic.tlog-proof',
      shows: ['演示参保人'],
      hides: [PERSON],
    },
    {
      say: 'The clinic checks the file, and that it stands.',
      run: 'qifeng verify insured.md --receipt for-clinic.tlog-proof --in-force',
      shows: ['verified', '演示参保人', 'In force'],
      hides: [PERSON],
    },
    {
      say: 'In the open, personal data are refused: a certificate number of a person in a public record.',
      run: `qifeng act credit/${fujian}/person record --meta owner=${buyer} --meta kind=演示 --meta facts=证件号${PERSON} --receipts refused --key ${fujian}`,
      ends: 4,
      shows: ['personal-data'],
    },
  ],
};
