// What people do at Sage's own screens, behind the API's back: each a small change of the ledger.
import { archiveSettled, deleteSettled } from '../ledger/settle.js';
import { postAllocation, unallocate } from '../posting/allocate.js';
import { postReceipt, postRefund } from '../posting/cash.js';
import { createCustomer, customerTouched, deleteCustomer, updateCustomer } from '../posting/customers.js';
import { postCreditNote, postInvoice } from '../posting/documents.js';
import type { Body } from '../posting/input.js';
import { stampOf, today, type PostingContext } from '../posting/posting-context.js';
import { updateTransaction } from '../posting/small-writes.js';
import { deleteRow } from '../posting/row-writer.js';
import { Refusal } from '../ledger/refusal.js';

/** Names of desktop actions; `body` is what the matching API posting takes, or as said beside. */
export const DESKTOP_ACTIONS: Readonly<Record<string, (context: PostingContext, body: Body) => unknown>> = {
  /** {customerId, reason?} */
  putOnHold: (context, body) => setCustomer(context, body, { on_hold: 1, status_reason: textOf(body, 'reason') }),
  /** {customerId} */
  takeOffHold: (context, body) => setCustomer(context, body, { on_hold: 0, status_reason: '' }),
  /** {customerId, creditLimit: "1000.00" | 1000} */
  setCreditLimit: (context, body) => {
    updateCustomer(context, numberOf(body, 'customerId'), { credit_limit: Number(body['creditLimit']) });
    return {};
  },
  /** {customerId, name} */
  rename: (context, body) => setCustomer(context, body, { name: textOf(body, 'name') }),
  /** {customerId, reason?} */
  hide: (context, body) =>
    setCustomer(context, body, { account_status_type: 1, status_reason: textOf(body, 'reason') }),
  /** {customerId} */
  unhide: (context, body) => setCustomer(context, body, { account_status_type: 0, status_reason: '' }),
  /** {customerId}: only an account without transactions */
  deleteAccount: (context, body) => {
    deleteCustomer(context, numberOf(body, 'customerId'));
    return {};
  },
  createAccount: (context, body) => ({ customerId: createCustomer(context, body) }),
  postInvoice,
  postCreditNote,
  postReceipt,
  postRefund,
  allocate: (context, body) => JSON.parse(postAllocation(context, body)) as unknown,
  /** {transactionId}: Amend Allocations */
  unallocate: (context, body) => ({ pairs: unallocate(context, numberOf(body, 'transactionId')) }),
  /** {transactionId, queried: "Q" | ""} */
  setQuery: (context, body) => {
    updateTransaction(context, numberOf(body, 'transactionId'), { queried: textOf(body, 'queried') });
    return {};
  },
  /** {nominalCodeId} */
  deleteNominalCode: (context, body) => {
    deleteRow(context, 'nominal_codes', numberOf(body, 'nominalCodeId'));
    return {};
  },
  /** {nominalCodeId} */
  hideNominalCode: (context, body) => setStatus(context, 'nominal_codes', numberOf(body, 'nominalCodeId'), 1),
  unhideNominalCode: (context, body) => setStatus(context, 'nominal_codes', numberOf(body, 'nominalCodeId'), 0),
  /** {bankId} */
  hideBank: (context, body) => setStatus(context, 'banks', numberOf(body, 'bankId'), 1),
  unhideBank: (context, body) => setStatus(context, 'banks', numberOf(body, 'bankId'), 0),
  /** {bankId} */
  deleteBank: (context, body) => {
    deleteRow(context, 'banks', numberOf(body, 'bankId'));
    return {};
  },
  /** {taxCodeId}: Sage can't hide one; what was posted with it keeps its id */
  deleteTaxCode: (context, body) => {
    deleteRow(context, 'tax_codes', numberOf(body, 'taxCodeId'));
    return {};
  },
  /** {taxCodeId, name?, rate?: "17.50"} */
  changeTaxCode,
  /**
   * {archive?, olderThanMonths?, customerId?}: settled old rows become historical, or with archive false are deleted. Left out,
   * the ledger's setting and each account's own months count.
   */
  runAccountMaintenance: maintain,
  /** {date}: its period and all before it are closed */
  closePeriod: (context, body) => ({ periods: setClosed(context, textOf(body, 'date'), 1) }),
  /** {date}: its period and all after it are open */
  openPeriod: (context, body) => ({ periods: setClosed(context, textOf(body, 'date'), 0) }),
};

export function runDesktopAction(context: PostingContext, action: string, body: Body): unknown {
  const run = Object.hasOwn(DESKTOP_ACTIONS, action) ? DESKTOP_ACTIONS[action] : undefined;
  if (!run) throw new Refusal(`Unknown action '${action}'. There are: ${Object.keys(DESKTOP_ACTIONS).join(', ')}`);
  return context.ledger.transaction(() => run(context, body));
}

function setCustomer(context: PostingContext, body: Body, values: Readonly<Record<string, string | number>>): object {
  const id = numberOf(body, 'customerId');
  const sets = Object.keys(values)
    .map((column) => `${column} = ?`)
    .join(', ');
  const changed = context.ledger.run(
    `update customers set ${sets} where company_id = ? and id = ?`,
    ...Object.values(values),
    context.companyId,
    id,
  );
  if (changed === 0) throw new Refusal(`The customer with id ${id} was not found.`);
  customerTouched(context, id);
  return {};
}

function setStatus(
  { ledger, companyId, ...context }: PostingContext,
  table: 'banks' | 'nominal_codes',
  id: number,
  status: number,
): object {
  const changed = ledger.run(
    `update ${table} set status = ?, date_time_updated = ? where company_id = ? and id = ?`,
    status,
    stampOf({ ledger, companyId, ...context }),
    companyId,
    id,
  );
  if (changed === 0) throw new Refusal(`No row ${id} in ${table}.`);
  return {};
}

function changeTaxCode(context: PostingContext, body: Body): object {
  const changed = context.ledger.run(
    `update tax_codes set name = coalesce(?, name), tax_rate = coalesce(?, tax_rate), date_time_updated = ? where company_id = ? and id = ?`,
    typeof body['name'] === 'string' ? body['name'] : null,
    body['rate'] === undefined ? null : Math.round(Number(body['rate']) * 100),
    stampOf(context),
    context.companyId,
    numberOf(body, 'taxCodeId'),
  );
  if (changed === 0) throw new Refusal('The tax code was not found.');
  return {};
}

function maintain({ ledger, companyId, ...context }: PostingContext, body: Body): object {
  const [text = '{}'] = ledger.column<string>('select settings from companies where company_id = ?', [companyId]);
  const settings = JSON.parse(text) as { archive_transaction_after_keeping?: boolean };
  const run = {
    companyId,
    today: today({ ledger, companyId, ...context }),
    ...(body['olderThanMonths'] === undefined ? {} : { olderThanMonths: numberOf(body, 'olderThanMonths') }),
    ...(body['customerId'] === undefined ? {} : { customerId: numberOf(body, 'customerId') }),
  };
  const isArchived = body['archive'] ?? settings.archive_transaction_after_keeping ?? true;
  return isArchived === false ? { deleted: deleteSettled(ledger, run) } : { archived: archiveSettled(ledger, run) };
}

function setClosed({ ledger, companyId }: PostingContext, date: string, isClosed: number): number {
  return ledger.run(
    `update accounting_periods set is_closed = ? where company_id = ? and start_date ${isClosed ? '<=' : '>='} (
       select start_date from accounting_periods where company_id = ? and ? between start_date and end_date)`,
    isClosed,
    companyId,
    companyId,
    date,
  );
}

function numberOf(body: Body, name: string): number {
  const value = body[name];
  if (typeof value !== 'number') throw new Refusal(`'${name}' must be a number.`);
  return value;
}

const textOf = (body: Body, name: string): string => (typeof body[name] === 'string' ? body[name] : '');
