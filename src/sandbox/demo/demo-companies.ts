// The three companies of the demo site. Ids, URNs and codes overlap between them on purpose: they do in Sage.
import type { SqlValue } from '../ledger/ledger.js';
import { IRISH_TOWNS, TOWNS, type Town } from './names.js';

export const SITE = {
  id: '6f1c2a6e-4d1b-4e0e-9a55-2f6f0f5b7c11',
  name: 'Northgate Communications Group',
  shortName: 'northgate',
  tenantId: 5021,
};

export interface DemoCompany {
  readonly id: number;
  readonly name: string;
  /** Of all customers and transactions, per cent. */
  readonly sharePercent: number;
  readonly yearStartMonth: number;
  readonly countryCodeId: number;
  readonly towns: readonly Town[];
  readonly vatNumber: string;
  /** id, name, symbol, rate (document units per base unit, millionths), is base, is euro, ISO code id */
  readonly currencies: readonly (readonly SqlValue[])[];
  /** id, code, name, rate (hundredths of a per cent), terms */
  readonly taxCodes: readonly (readonly SqlValue[])[];
  readonly banks: readonly (readonly SqlValue[])[];
  readonly standardTaxId: number;
  readonly zeroTaxId: number;
  readonly reducedTaxId: number;
  /** Receipts of each currency go to this bank. */
  readonly bankOfCurrency: Readonly<Record<number, number>>;
}

const UK_TAX: DemoCompany['taxCodes'] = [
  [23940, 0, 'Exempt', 0, 'Exempt'],
  [23941, 1, 'Standard rate', 2000, 'Standard rated'],
  [23942, 2, 'Zero rate', 0, 'Zero rated'],
  [23943, 5, 'Lower rate', 500, 'Lower rated'],
  [23944, 4, 'Sales to EU', 0, 'Zero rated'],
  [23945, 9, 'Outside the scope', 0, 'Outside the scope'],
];

function ukBanks(name: string): DemoCompany['banks'] {
  const bank = (
    id: number,
    code: string,
    description: string,
    number: string,
    currencyId: number,
    nominal: string,
    status = 0,
  ): SqlValue[] => [
    id,
    code,
    description,
    '20-00-00',
    number,
    'Sandbox Bank plc',
    'BankAccountTypeStandard',
    status,
    currencyId,
    0,
    name,
    `GB00SAND200000${number}`,
    'SANDGB2L',
    nominal,
  ];
  return [
    bank(1201, 'CURRENT', 'Current account', '10000001', 1, '1200'),
    bank(1202, 'DEPOSIT', 'Deposit account', '10000002', 1, '1210'),
    bank(1203, 'EURO', 'Euro account', '10000003', 3, '1220'),
    bank(1204, 'DOLLAR', 'US dollar account', '10000004', 2, '1230'),
    bank(1205, 'OLDBANK', 'Closed account', '10000005', 1, '1200', 1),
  ];
}

const ukCompany = (id: number, name: string, sharePercent: number, vatNumber: string): DemoCompany => ({
  id,
  name,
  sharePercent,
  yearStartMonth: 4,
  countryCodeId: 1,
  towns: TOWNS,
  vatNumber,
  currencies: [
    [1, 'GBP', '£', 1_000_000, 1, 0, 1],
    [2, 'USD', '$', 1_270_000, 0, 0, 2],
    [3, 'EUR', '€', 1_170_000, 0, 1, 3],
  ],
  taxCodes: UK_TAX,
  banks: ukBanks(name),
  standardTaxId: 23941,
  zeroTaxId: 23942,
  reducedTaxId: 23943,
  bankOfCurrency: { 1: 1201, 2: 1204, 3: 1203 },
});

export const DEMO_COMPANIES: readonly DemoCompany[] = [
  ukCompany(1, 'Northgate Telecom Ltd', 55, 'GB123456789'),
  ukCompany(2, 'Northgate Mobile Services Ltd', 32, 'GB987654321'),
  {
    ...ukCompany(7, 'Northgate Ireland DAC', 13, 'IE1234567T'),
    yearStartMonth: 1,
    countryCodeId: 2,
    towns: IRISH_TOWNS,
    // The same ids mean other currencies here.
    currencies: [
      [1, 'EUR', '€', 1_000_000, 1, 1, 3],
      [2, 'USD', '$', 1_085_000, 0, 0, 2],
      [3, 'GBP', '£', 855_000, 0, 0, 1],
    ],
    taxCodes: [
      [23940, 0, 'Exempt', 0, 'Exempt'],
      [23941, 1, 'Standard rate', 2300, 'Standard rated'],
      [23942, 2, 'Zero rate', 0, 'Zero rated'],
      [23943, 5, 'Reduced rate', 1350, 'Reduced rated'],
    ],
  },
];
