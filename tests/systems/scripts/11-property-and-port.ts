import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { land, company, tax, bank, market, customs, port, portTax } = CAST;
const parcel = `property/${land}/110101001001GB00001F00010001`;

/** Row 11: a parcel registered, mortgaged, transferred; the records of customs, port and tax in their order. */
export const propertyAndPort: System = {
  name: '11-property-and-port',
  title: { zh: '不动产登记；海关、港口、税务共享', en: 'Real property; customs, port and tax' },
  profiles: ['property', 'bill', 'matter'],
  steps: [
    {
      say: 'The registry registers a parcel, which the code of its unit names.',
      run: `qifeng act property/${land} register register.md --meta unit=110101001001GB00001F00010001 --meta owner=${company} --meta use=演示 --meta region=110101 --key ${land}`,
    },
    {
      say: 'The same parcel a second time: refused.',
      run: `qifeng act ${parcel} register transferred.md --meta unit=110101001001GB00001F00010001 --meta owner=${market} --receipts refused --key ${land}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'Nor under another id to another holder.',
      run: `qifeng act property/${land}/parcel-b register transferred.md --meta unit=110101001001GB00001F00010001 --meta owner=${market} --receipts refused --key ${land}`,
      ends: 4,
      shows: ['wrong-subject-id', 'is 110101001001GB00001F00010001'],
    },
    {
      say: 'It is mortgaged.',
      run: `qifeng act ${parcel} mortgage mortgage.md --meta mortgagee=${bank} --meta amount=80000000 --meta until=2030-11-01 --key ${land}`,
    },
    {
      say: 'A mortgaged parcel is not mortgaged again',
      run: `qifeng act ${parcel} mortgage mortgage.md --meta mortgagee=${bank} --receipts refused --key ${land}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'nor transferred.',
      run: `qifeng act ${parcel} transfer transferred.md --meta owner=${market} --receipts refused --key ${land}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    { say: 'The mortgage is released.', run: `qifeng act ${parcel} release release.md --key ${land}` },
    {
      say: 'What the register says is its excerpt, through mortgage and release,',
      run: 'qifeng verify register.md --in-force',
      shows: ['✓ register.md', 'In force'],
      hides: ['not the present text'],
    },
    {
      say: 'and not the paper by which it was released.',
      run: 'qifeng verify release.md --in-force',
      ends: 1,
      shows: ['enclosed-file', 'accompanied the action'],
      hides: ['✓'],
    },
    {
      say: 'A transfer needs the tax organ’s record,',
      run: `qifeng act ${parcel} transfer transferred.md --meta owner=${market} --receipts refused --key ${land}`,
      ends: 4,
      shows: ['missing-link'],
    },
    {
      say: 'which it issues to the new holder, who alone may book it,',
      run: `qifeng stamp --table tax.csv --profile bill --action issue-to --key ${tax}`,
      shows: ['1 of 1 rows recorded'],
    },
    {
      say: 'and the transfer links to it.',
      run: `qifeng act ${parcel} transfer transferred.md --meta owner=${market} --link tax-paid=bill/${tax}/11020126-0000000001 --key ${land}`,
    },
    {
      say: 'The register as it is now: the new holder, free of mortgage.',
      run: `GET /v1/subjects/${parcel}`,
      pick: ['standing.state', 'standing.owner', 'standing.version'],
      shows: ['registered', market],
    },
    {
      say: 'The excerpt of before is an earlier text now,',
      run: 'qifeng verify register.md --in-force',
      ends: 1,
      shows: ['not-in-force'],
    },
    {
      say: 'the one with the new holder the present.',
      run: 'qifeng verify transferred.md --in-force',
      shows: ['✓ transferred.md', 'In force'],
    },
    {
      say: 'Another organ cannot write in this registry’s name.',
      run: `qifeng act ${parcel} cancel --meta reason=演示 --receipts refused --key ${tax}`,
      ends: 4,
      shows: ['profile-not-allowed'],
    },
    {
      say: 'Customs accept a declaration.',
      run: `qifeng act matter/${customs}/declaration-1 accept declaration.md --meta item=进出口货物放行 --key ${customs}`,
    },
    {
      say: 'The port cannot load on a declaration that is not released yet.',
      run: `qifeng act matter/${port}/loading-1 accept --meta item=装船 --link follows=matter/${customs}/declaration-1 --receipts refused --key ${port}`,
      ends: 4,
      shows: ['link'],
    },
    {
      say: 'Customs release,',
      run: `qifeng act matter/${customs}/declaration-1 approve --meta mode=放行 --key ${customs}`,
    },
    {
      say: 'the port accepts,',
      run: `qifeng act matter/${port}/loading-1 accept --meta item=装船 --link follows=matter/${customs}/declaration-1 --key ${port}`,
    },
    {
      say: 'loads,',
      run: `qifeng act matter/${port}/loading-1 approve loading.md --key ${port}`,
    },
    {
      say: 'and the tax organ takes the refund up, on what the port recorded.',
      run: `qifeng act matter/${portTax}/refund-1 accept refund.md --meta item=出口退税 --link follows=matter/${port}/loading-1 --key ${portTax}`,
    },
  ],
};
