// Every table-like resource by its name in the path, which of them are read by id, and which hang below another.
import { ENUMERATIONS } from '../demo/enumerations.js';
import { banks, bankViews, lookupBanks } from './cash-book.js';
import { contactDetails, contactRoles, contacts, DETAIL_KINDS } from './contacts.js';
import {
  customerAlerts,
  customerMemos,
  customers,
  customerViews,
  deliveryAddresses,
  lookupCustomers,
} from './customers.js';
import { instant, integer, text } from './field.js';
import {
  countryCodes,
  currencies,
  currencyIsoCodes,
  enumeration,
  financialYearPeriodViews,
  salesTradingPeriods,
  taxCodes,
} from './financials.js';
import {
  analysisCodes,
  costCentres,
  departments,
  lookupNominalCodes,
  nominalCodes,
  nominalCodeViews,
  nominalLedgerSettings,
  reportCategories,
} from './nominal.js';
import type { Resource } from './resource.js';
import { transactionMemos } from './transaction-children.js';
import { enquiryViews, historicalTransactions, postedTransactions, transactionViews } from './transactions.js';
import { customerPeriodValueViews, customerYearValueViews } from './value-views.js';

const users: Resource = {
  name: 'users',
  from: 'users ~',
  fields: [integer('id'), text('name', 250)],
  orderBy: '~.id',
};
const salutations: Resource = {
  name: 'salutations',
  from: '(select 0 as company_id, 0 as id where 0) ~',
  fields: [integer('id'), instant('date_time_created', 'null')],
  orderBy: '~.id',
};

const byId: readonly Resource[] = [
  customers,
  contacts,
  ...DETAIL_KINDS.map((kind) => contactDetails[kind]),
  contactRoles,
  customerMemos,
  customerAlerts,
  deliveryAddresses,
  postedTransactions,
  historicalTransactions,
  enquiryViews,
  transactionMemos,
  currencies,
  currencyIsoCodes,
  countryCodes,
  taxCodes,
  salesTradingPeriods,
  nominalCodes,
  costCentres,
  departments,
  reportCategories,
  nominalLedgerSettings,
  banks,
  users,
  salutations,
];
const listOnly: readonly Resource[] = [
  ...[customerViews, lookupCustomers, transactionViews, customerPeriodValueViews, customerYearValueViews],
  ...[financialYearPeriodViews, nominalCodeViews, lookupNominalCodes, analysisCodes, bankViews, lookupBanks],
  ...Object.keys(ENUMERATIONS).map(enumeration),
];

export const RESOURCES: ReadonlyMap<string, Resource> = new Map(
  [...byId, ...listOnly].map((resource) => [resource.name, resource]),
);
export const READ_BY_ID: ReadonlySet<string> = new Set(byId.map(({ name }) => name));

const customerId = '~.customer_id = ?';
const contactId = '~.contact_id = ?';
const ofContact = Object.fromEntries(
  [...DETAIL_KINDS.map((kind) => contactDetails[kind].name), 'customer_contact_roles'].map((name) => [name, contactId]),
);

/** parent → child → the condition on the child that names the parent. */
export const NESTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  customers: {
    customer_contacts: customerId,
    customer_memos: customerId,
    customer_alerts: customerId,
    customer_delivery_addresses: customerId,
    sales_posted_transactions: customerId,
    sales_historical_transactions: customerId,
    sales_transaction_enquiry_views: customerId,
  },
  customer_contacts: ofContact,
  sales_posted_transactions: { sales_posted_transaction_memos: '~.transaction_id = ?' },
};
