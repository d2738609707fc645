// The `*_types` resources: {id, description, value}, `value` being the wire's name (sage200.md §3.4, §4.1).
import type { Ledger } from '../ledger/ledger.js';
import { LEDGER_TYPES } from '../ledger/ledger-types.js';
import { TRANSACTION_TYPES } from '../ledger/transaction-types.js';
import { ACCOUNT_STATUSES, ACCOUNT_TYPES, EXCHANGE_RATE_TYPES, PAYMENT_TERMS } from '../resources/customer-fields.js';
import { NOMINAL_ACCOUNT_TYPES } from '../resources/nominal.js';

export const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = {
  account_status_types: ACCOUNT_STATUSES,
  allocation_status_types: ['AllocationStatusUnallocated', 'AllocationStatusPart', 'AllocationStatusFull'],
  trader_transaction_types: [
    ...TRANSACTION_TYPES,
    'TradingAccountEntryTypeDeletedRecord',
    'TradingAccountEntryTypeNOTUSED',
  ],
  trader_account_types: ACCOUNT_TYPES,
  trader_payment_terms: PAYMENT_TERMS,
  exchange_rate_types: EXCHANGE_RATE_TYPES,
  aged_balances_ageing_types: [
    'AgedBalancesAgeingTypeTransactionDate',
    'AgedBalancesAgeingTypeDueDate',
    'AgedBalancesAgeingTypeCalendarMonth',
  ],
  nominal_account_types: NOMINAL_ACCOUNT_TYPES,
  ledger_types: LEDGER_TYPES,
  transaction_date_validation_classifications: ['Normal', 'Acceptable', 'Unacceptable'],
};

const MAX_VALUE_LENGTH: Readonly<Record<string, number>> = { nominal_account_types: 20, ledger_types: 30 };

/** "TradingAccountEntryTypeOpeningBalanceInvoice" → "Opening Balance Invoice" */
const description = (value: string, maximum: number): string =>
  value
    .replace(
      /^(TradingAccountEntryType|TradingAccountType|NominalAccountType|AgedBalancesAgeingType|AccountStatus|AllocationStatus|Ledger|PaymentDueFrom|ExchangeRate)/,
      '',
    )
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .slice(0, maximum);

export function insertEnumerations(ledger: Ledger): void {
  for (const [resource, values] of Object.entries(ENUMERATIONS)) {
    for (const [id, value] of values.entries()) {
      const text = description(value, MAX_VALUE_LENGTH[resource] ?? 30);
      ledger.run('insert into enumerations values (?, ?, ?, ?)', resource, id, text, value);
    }
  }
}
