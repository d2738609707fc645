// Nominal accounts: the triple (reference, cost centre, department) is the account; blanks are "".
import { boolean, choice, instant, integer, money, text } from './field.js';
import { ACCOUNT_STATUSES } from './customer-fields.js';
import type { Resource } from './resource.js';

const stamps = [instant('date_time_created'), instant('date_time_updated')];
export const NOMINAL_ACCOUNT_TYPES = [
  'NominalAccountTypePosting',
  'NominalAccountTypeGroup',
  'NominalAccountTypeMemo',
] as const;

export const reportCategories: Resource = {
  name: 'nominal_report_categories',
  from: 'report_categories ~',
  fields: [
    integer('id'),
    text('account_report_type', 20, '~.report_type'),
    text('code', 4),
    text('description', 60),
    text('account_report_category_type', 20, '~.category_type'),
    ...stamps,
  ],
  orderBy: '~.id',
};

const breakdown = (name: string): Resource => ({
  name,
  from: `${name} ~`,
  fields: [integer('id'), text('code', 3), text('name', 60), ...stamps],
  orderBy: '~.id',
});
export const costCentres = breakdown('cost_centres');
export const departments = breakdown('departments');

const triple = [text('reference', 8), integer('cost_centre_id'), text('cost_centre_code', 3, '~.cost_centre')];
const tripleOrder = '~.reference, ~.cost_centre, ~.department';
const department = [integer('department_id'), text('department_code', 3, '~.department')];
const balances = [
  boolean('display_balances_in_selection_list', '0'),
  money('balance_year_to_date', '~.balance'),
  money('brought_forward_balance', '0'),
];

export const nominalCodes: Resource = {
  name: 'nominal_codes',
  from: 'nominal_codes ~',
  fields: [
    integer('id'),
    text('name', 60),
    ...triple,
    ...department,
    choice('nominal_account_type', NOMINAL_ACCOUNT_TYPES, '~.account_type'),
    choice('account_status_type', ACCOUNT_STATUSES, '~.status'),
    integer('report_category_id'),
    ...balances,
    boolean('allow_manual_journal_entries', '~.allow_manual'),
    boolean('use_batch_postings', '0'),
    ...stamps,
  ],
  expands: [
    {
      name: 'report_category',
      isMany: false,
      resource: () => reportCategories,
      on: '^.company_id = ~.company_id and ^.id = ~.report_category_id',
    },
    {
      name: 'cost_centre',
      isMany: false,
      resource: () => costCentres,
      on: '^.company_id = ~.company_id and ^.id = ~.cost_centre_id',
    },
    {
      name: 'department',
      isMany: false,
      resource: () => departments,
      on: '^.company_id = ~.company_id and ^.id = ~.department_id',
    },
  ],
  late: { table: 'nominal_codes', idSql: '~.id' },
  orderBy: '~.id',
};

const typeIds = [integer('nominal_account_type_id', '~.account_type'), integer('account_status_type_id', '~.status')];

export const nominalCodeViews: Resource = {
  name: 'nominal_code_views',
  from: 'nominal_codes ~ join report_categories ~_c on ~_c.company_id = ~.company_id and ~_c.id = ~.report_category_id',
  fields: [
    integer('id'),
    text('name', 60),
    ...triple,
    ...department,
    ...typeIds,
    integer('report_category_id'),
    text('report_category_code', 4, '~_c.code'),
    text('report_category_description', 60, '~_c.description'),
    boolean('allow_manual_journal_entries', '~.allow_manual'),
    ...balances,
  ],
  late: { table: 'nominal_codes', idSql: '~.id' },
  orderBy: tripleOrder,
};

export const lookupNominalCodes: Resource = {
  name: 'lookup_nominal_codes',
  from: 'nominal_codes ~',
  fields: [
    integer('id'),
    text('name', 60),
    text('reference', 8),
    text('cost_centre_code', 3, '~.cost_centre'),
    text('department_code', 3, '~.department'),
    ...typeIds,
    ...balances,
  ],
  late: { table: 'nominal_codes', idSql: '~.id' },
  orderBy: tripleOrder,
};

export const analysisCodes: Resource = {
  name: 'nominal_transaction_analysis_codes',
  from: 'analysis_codes ~',
  fields: [integer('id'), text('code', 20), text('description', 60), boolean('active'), ...stamps],
  orderBy: '~.id',
};

export const nominalLedgerSettings: Resource = {
  name: 'nominal_ledger_settings',
  from: 'companies ~',
  fields: [
    integer('id', '1'),
    boolean('allow_additional_trans_analysis', '0'),
    boolean('is_consolidation_enabled', '0'),
    boolean('keep_nominal_transactions', '1'),
    integer('months_to_keep_transactions', '24'),
  ],
  orderBy: '~.company_id',
};
