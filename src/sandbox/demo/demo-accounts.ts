// Customers with addresses, contacts and delivery addresses.
import type { Ledger, SqlValue } from '../ledger/ledger.js';
import { addDays, toInstant } from '../ledger/time.js';
import { customerFields, mainAddressColumns } from '../resources/customer-fields.js';
import { BulkInsert } from './bulk-insert.js';
import { ContactWriter } from './contact-writer.js';
import type { DemoCompany } from './demo-companies.js';
import { FIRST_WORDS, HOLD_REASONS, NAMED_BUSINESSES, STREETS, SUFFIXES, TRADES } from './names.js';
import type { Random } from './random.js';

/** How an account pays. */
export type Habit = 'prompt' | 'lump' | 'late' | 'part' | 'never';

export interface DemoAccount {
  readonly id: number;
  readonly reference: string;
  readonly name: string;
  readonly currencyId: number;
  readonly rateMicro: number;
  readonly termsDays: number;
  readonly taxId: number;
  readonly habit: Habit;
  readonly isTrading: boolean;
}

export const FIRST_CUSTOMER_ID = 27001;

const CUSTOMER_COLUMNS = [
  'company_id',
  ...customerFields.map(({ name }) => name),
  'main_address_id',
  ...mainAddressColumns,
  'main_country_code_id',
];

export function insertAccounts(
  ledger: Ledger,
  company: DemoCompany,
  random: Random,
  count: number,
  anchorDate: string,
): DemoAccount[] {
  const customers = new BulkInsert(ledger, 'customers', CUSTOMER_COLUMNS);
  const contacts = new ContactWriter(ledger, company.id, random);
  const delivery = new BulkInsert(ledger, 'delivery_addresses', [
    'company_id',
    'id',
    'customer_id',
    'is_default',
    'description',
    'postal_name',
    'address_1',
    'city',
    'postcode',
    'address_country_code_id',
    'tax_code_id',
    'country_code_id',
    'date_time_created',
    'date_time_updated',
  ]);
  const accounts: DemoAccount[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = FIRST_CUSTOMER_ID + index;
    const account = makeAccount(company, random, index, id);
    const row = customerRow(company, random, account, index, anchorDate);
    customers.addObject(row);
    contacts.insertFor(account, row['date_time_created'] as string);
    if (index % 9 === 0) {
      delivery.add(
        company.id,
        5000 + index,
        id,
        1,
        'Warehouse',
        account.name,
        'Unit 4, Trading Estate',
        row['main_city'] as string,
        row['main_postcode'] as string,
        company.countryCodeId,
        account.taxId,
        company.countryCodeId,
        row['date_time_created'] as string,
        row['date_time_created'] as string,
      );
    }
    accounts.push(account);
  }
  customers.flush();
  contacts.flush();
  delivery.flush();
  return accounts;
}

function makeAccount(company: DemoCompany, random: Random, index: number, id: number): DemoAccount {
  const fixedName = company.id === 1 ? NAMED_BUSINESSES[index] : undefined;
  const name = fixedName ?? `${random.pick(FIRST_WORDS)} ${random.pick(TRADES)} ${random.pick(SUFFIXES)}`;
  const letters = name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toUpperCase()
    .slice(0, 3)
    .padEnd(3, 'X');
  const currencyId = index % 17 === 5 ? 2 : index % 17 === 9 ? 3 : 1;
  const draw = random.next();
  return {
    id,
    reference: `${letters}${String(index + 1).padStart(count5(index), '0')}`,
    name: name.slice(0, 60),
    currencyId,
    rateMicro: Number(company.currencies[currencyId - 1]?.[3]),
    termsDays: random.pick([7, 14, 30, 30, 30, 30, 60]),
    taxId: currencyId === 1 ? (index % 31 === 7 ? company.reducedTaxId : company.standardTaxId) : company.zeroTaxId,
    habit: draw < 0.45 ? 'prompt' : draw < 0.65 ? 'lump' : draw < 0.85 ? 'late' : draw < 0.95 ? 'part' : 'never',
    // Every 40th account has never traded: such an account can be deleted.
    isTrading: index % 40 !== 39,
  };
}

const count5 = (index: number): number => (index < 9999 ? 4 : 5);

function customerRow(
  company: DemoCompany,
  random: Random,
  account: DemoAccount,
  index: number,
  anchorDate: string,
): Record<string, SqlValue> {
  const town = random.pick(company.towns);
  const openedDate = addDays(anchorDate, -random.integer(560, 4000));
  const created = toInstant(Date.parse(`${openedDate}T09:00:00Z`) + random.integer(0, 28_000_000));
  const isOnHold = account.habit === 'never' || index % 37 === 12;
  const isHidden = index % 53 === 29;
  const limit = random.chance(0.3) ? 0 : random.pick([500, 1000, 2500, 5000, 10_000, 25_000]) * 100;
  const website = account.name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase()
    .slice(0, 30);
  return {
    company_id: company.id,
    id: account.id,
    reference: account.reference,
    name: account.name,
    short_name: account.name.slice(0, 8),
    balance: 0,
    on_hold: isOnHold ? 1 : 0,
    status_reason: isOnHold ? random.pick(HOLD_REASONS) : isHidden ? 'Ceased trading' : '',
    account_status_type: isHidden ? 1 : 0,
    currency_id: account.currencyId,
    exchange_rate_type: 0,
    telephone_country_code: company.countryCodeId === 2 ? '353' : '44',
    telephone_area_code: town.areaCode,
    telephone_subscriber_number: `496 0${String(random.integer(0, 999)).padStart(3, '0')}`,
    website: random.chance(0.6) ? `www.${website}.example` : '',
    credit_limit: limit,
    country_code_id: company.countryCodeId,
    default_tax_code_id: account.taxId,
    vat_number: random.chance(0.7) ? `GB${random.integer(100_000_000, 999_999_999)}` : '',
    account_type: 0,
    early_settlement_discount_percent: 0,
    early_settlement_discount_days: 0,
    payment_terms_days: account.termsDays,
    payment_terms_basis: 0,
    average_time_to_pay: account.termsDays + random.integer(0, 20),
    terms_agreed: 1,
    value_of_current_orders_in_sop: random.chance(0.1) ? random.integer(10_000, 300_000) : 0,
    credit_bureau_id: 0,
    credit_position_id: 0,
    finance_charge_id: 0,
    account_opened: `${openedDate}T00:00:00.000Z`,
    office_type: 0,
    produce_statements_for_customer: 1,
    is_head_office_with_branches: 0,
    use_consolidated_billing: 0,
    order_priority: 'A',
    use_tax_code_as_default: 0,
    months_to_keep_transactions: 15,
    default_nominal_code_id: 31001,
    default_nominal_code_reference: '4000',
    default_nominal_code_cost_centre: '',
    default_nominal_code_department: '',
    invoice_discount_percent: 0,
    invoice_line_discount_percent: 0,
    analysis_code_1: random.pick(['Direct', 'Dealer', 'Partner', '']),
    date_time_created: created,
    // A mass edit touched every fifth account in the same moment.
    date_time_updated: index % 5 === 0 ? `${addDays(anchorDate, -60)}T18:02:11.337Z` : created,
    main_address_id: 81_000 + index,
    main_address_1: `${random.integer(1, 180)} ${random.pick(STREETS)}`,
    main_address_2: random.chance(0.2) ? 'Business Park' : '',
    main_address_3: '',
    main_address_4: '',
    main_city: town.town,
    main_county: town.county,
    main_postcode: `${town.postcodeArea}${random.integer(1, 20)} ${random.integer(1, 9)}${random.pick(['AB', 'DE', 'GH', 'JN', 'PQ', 'RT', 'XY'])}`,
    main_country_code_id: company.countryCodeId,
  };
}
