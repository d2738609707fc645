import type { Clock } from '../common/clock.js';
import { type Company, readCompanies } from '../companies/company-directory.js';
import { BANK_ACCOUNTS, NOMINAL_ACCOUNTS, readReferenceList, TAX_CODES } from '../companies/reference-rows.js';
import type { SageTaxCodeType } from '../companies/reference.type.js';
import type { Database, Transaction } from '../database/database.js';
import { mappedSummary } from './map-subject.js';
import { DEFAULT_SUB_COMPANY, DEFAULT_SUB_COMPANY_NAME } from './mapping-kind.js';
import { bankWords, nominalWords, taxCodeWords } from './mapping-target.js';
import { type MappingToStore, storeMapping } from './store-mapping.js';

type DemoMapping = Omit<MappingToStore, 'summary' | 'targetName' | 'name'> & { name: string; target: string };

const PAYMENT_METHODS: readonly (readonly [layerId: string, name: string])[] = [
  ['BACS', 'BACS transfer'],
  ['CARD', 'Card'],
  ['DIRECT_DEBIT', 'Direct Debit'],
  ['CASH', 'Cash'],
];

interface DemoVatCode {
  code: string;
  name: string;
  ratePercent: string;
  /** By the rate first; where a country has another one, by the name. */
  fits: readonly ((tax: SageTaxCodeType) => boolean)[];
}
const isExempt = ({ name }: SageTaxCodeType) => /exempt/i.test(name);
const VAT_CODES: readonly DemoVatCode[] = [
  {
    code: 'S',
    name: 'Standard rate',
    ratePercent: '20.00',
    fits: [(tax) => tax.ratePercent === '20.00', ({ name }) => /standard/i.test(name)],
  },
  {
    code: 'R',
    name: 'Reduced rate',
    ratePercent: '5.00',
    fits: [(tax) => tax.ratePercent === '5.00', ({ name }) => /reduced|lower/i.test(name)],
  },
  {
    code: 'Z',
    name: 'Zero rate',
    ratePercent: '0.00',
    fits: [
      (tax) => tax.ratePercent === '0.00' && /zero/i.test(tax.name),
      (tax) => tax.ratePercent === '0.00' && !isExempt(tax),
    ],
  },
  { code: 'E', name: 'Exempt', ratePercent: '0.00', fits: [isExempt] },
];

/**
 * Maps what the sandbox's Layer would have: the default row to the first company, payment methods to each company's bank in its own
 * currency, the codes of its sales accounts, VAT codes by their rates. Does nothing once anything is mapped, so that what people
 * change stays changed. To be called when the reference data of every company have been read. Answers how many it made.
 */
export function mapDemo(database: Database, instanceId: number, clock: Clock): Promise<number> {
  // all or nothing: a start that is broken off must not leave half a demo that the next one takes for the whole
  return database.transaction(async (transaction) => {
    const known = await transaction.query('SELECT 1 AS known FROM mapping_subject WHERE instance_id = ? LIMIT 1', [
      instanceId,
    ]);
    if (known.length > 0) return 0;
    const mappings = await demoMappings(transaction, instanceId);
    for (const { target, ...mapping } of mappings) {
      const summary = mappedSummary(mapping.kind, mapping.layerId, target);
      await storeMapping(
        transaction,
        instanceId,
        { ...mapping, targetName: mapping.name, summary },
        { who: 'demo', clock },
      );
    }
    return mappings.length;
  });
}

async function demoMappings(transaction: Transaction, instanceId: number): Promise<DemoMapping[]> {
  const companies = (await readCompanies(transaction, instanceId)).filter(({ isActive }) => isActive);
  const [first] = companies;
  if (!first) return [];
  const banks = await readReferenceList(transaction, instanceId, BANK_ACCOUNTS);
  const accounts = await readReferenceList(transaction, instanceId, NOMINAL_ACCOUNTS);
  const taxCodes = await readReferenceList(transaction, instanceId, TAX_CODES);
  const ofCompany = <T extends { companyId: number }>(rows: readonly T[], { id }: Company) =>
    rows.filter(({ companyId }) => companyId === id);

  const byDefault: DemoMapping = {
    kind: 'SUB_COMPANY',
    layerId: DEFAULT_SUB_COMPANY,
    name: DEFAULT_SUB_COMPANY_NAME,
    companyId: first.id,
    targetSageId: null,
    target: `Sage company ${first.name}`,
  };
  return [
    byDefault,
    ...companies.flatMap((company): DemoMapping[] => {
      const place = { companyId: company.id };
      const bank = ofCompany(banks, company).find(({ value }) => value.isActive && value.currency === company.currency);
      const sales = ofCompany(accounts, company).filter(({ value }) => {
        const isPlain = value.costCentre === '' && value.department === '';
        return isPlain && value.isActive && value.isPosting && value.reference.startsWith('4');
      });
      const taxes = ofCompany(taxCodes, company).filter(({ value }) => value.isActive);
      return [
        ...(bank ? PAYMENT_METHODS : []).map(([layerId, name]): DemoMapping => ({
          ...place,
          kind: 'PAYMENT_METHOD',
          layerId,
          name,
          targetSageId: bank?.sageId ?? null,
          target: `bank account ${bank && bankWords(bank.value)} in ${company.name}`,
        })),
        ...sales.map(({ sageId, value }): DemoMapping => ({
          ...place,
          kind: 'NOMINAL_CODE',
          layerId: value.reference,
          name: value.name,
          targetSageId: sageId,
          target: `nominal account ${nominalWords(value)} in ${company.name}`,
        })),
        ...VAT_CODES.flatMap(({ code, name, ratePercent, fits }): DemoMapping[] => {
          const tax = fits.map((fit) => taxes.find(({ value }) => fit(value))).find((found) => found !== undefined);
          if (!tax) return [];
          const target = `tax code ${taxCodeWords(tax.value)} in ${company.name}`;
          return [{ ...place, kind: 'VAT_CODE', layerId: code, name, ratePercent, targetSageId: tax.sageId, target }];
        }),
      ];
    }),
  ];
}
