import { decimalFromMinor, minorFromDecimal } from '../common/money.js';
import { readBanks, type SageBank } from '../sage/banks.js';
import { readCostCentres, readDepartments, type SageBreakdown } from '../sage/breakdowns.js';
import { readNominalCodes, type SageNominalCode } from '../sage/nominal-codes.js';
import { readReportCategories, type SageReportCategory } from '../sage/report-categories.js';
import type { SageClients } from '../sage/sage-clients.js';
import { readTaxCodes, type SageTaxCode } from '../sage/tax-codes.js';
import type { Pull } from '../sync/pull.js';
import type { SyncResource } from '../sync/sync-resource.js';
import type { CompanyDirectory } from './company-directory.js';
import type { ReferenceChanges } from './reference-changes.js';
import { referencePass, type ReferenceList } from './reference.pull.js';

const KEY = ['instance_id', 'company_id', 'sage_id'] as const;

const banks: ReferenceList<SageBank> = {
  name: 'banks',
  table: { name: 'sage_bank_account', key: KEY, columns: [...KEY, 'code', 'name', 'currency', 'is_active'] },
  read: readBanks,
  values: (target, bank, currencies) => {
    const currency = currencies.get(bank.currencyId ?? Number.NaN);
    if (!currency) return { reason: `The currency ${bank.currencyId} of bank ${bank.code} is not known.` };
    return [target.instanceId, target.companyId, bank.id, bank.code, bank.name, currency, bank.isActive ? 1 : 0];
  },
};

const reportCategories: ReferenceList<SageReportCategory> = {
  name: 'report-categories',
  table: { name: 'sage_report_category', key: KEY, columns: [...KEY, 'code', 'name', 'is_active'] },
  read: readReportCategories,
  isOptional: true,
  values: (target, category) => [target.instanceId, target.companyId, category.id, category.code, category.name, 1],
};

const nominalAccounts: ReferenceList<SageNominalCode> = {
  name: 'nominal-codes',
  table: {
    name: 'sage_nominal_account',
    key: KEY,
    columns: [
      ...KEY,
      'reference',
      'cost_centre',
      'department',
      'name',
      'is_posting',
      'is_active',
      'report_category_sage_id',
    ],
  },
  read: readNominalCodes,
  values: (target, code) => [
    target.instanceId,
    target.companyId,
    code.id,
    code.reference,
    code.costCentre,
    code.department,
    code.name,
    code.isPosting ? 1 : 0,
    code.isActive ? 1 : 0,
    code.reportCategoryId,
  ],
};

function breakdown(
  name: string,
  table: string,
  read: ReferenceList<SageBreakdown>['read'],
): ReferenceList<SageBreakdown> {
  return {
    name,
    table: { name: table, key: KEY, columns: [...KEY, 'code', 'name', 'is_active'] },
    read,
    isOptional: true,
    values: (target, { id, code, name: label }) => [target.instanceId, target.companyId, id, code, label, 1],
  };
}
const costCentres = breakdown('cost-centres', 'sage_cost_centre', readCostCentres);
const departments = breakdown('departments', 'sage_department', readDepartments);

const taxCodes: ReferenceList<SageTaxCode> = {
  name: 'tax-codes',
  table: { name: 'sage_tax_code', key: KEY, columns: [...KEY, 'code', 'name', 'rate_percent', 'is_active'] },
  read: readTaxCodes,
  values: (target, tax) => [
    target.instanceId,
    target.companyId,
    tax.id,
    tax.code,
    tax.name,
    twoDecimals(tax.ratePercent),
    1,
  ],
};

/** "20" as "20.00"; a rate with more digits than Sage's two stays as it is. */
function twoDecimals(rate: string): string {
  const hundredths = minorFromDecimal(rate, 2);
  return hundredths === null ? rate : decimalFromMinor(hundredths, 2);
}

/** Banks, nominal accounts with their report categories and breakdowns, and tax codes: what mappings point at. */
export function referencePulls(sage: SageClients, companies: CompanyDirectory, changes: ReferenceChanges): Pull[] {
  const pass = <Row extends { id: number }>(list: ReferenceList<Row>) => referencePass(sage, companies, list, changes);
  const pull = (resource: SyncResource, ...passes: Pull['passes']): Pull => ({
    resource,
    scope: 'company',
    needs: [],
    hasDelta: false,
    passes,
    settle: async ({ instanceId }) => changes.settled(instanceId),
  });
  return [
    pull('BANK_ACCOUNTS', pass(banks)),
    pull('NOMINAL_ACCOUNTS', pass(reportCategories), pass(nominalAccounts), pass(costCentres), pass(departments)),
    pull('TAX_CODES', pass(taxCodes)),
  ];
}
