// POST sales_allocations (sage200.md §5.4), and its undoing, which only the desktop can do.
import { Refusal } from '../ledger/refusal.js';
import { minorToText } from '../ledger/money.js';
import { instant, integer, money } from '../resources/field.js';
import { dateOf } from './documents.js';
import { listOf, readValues, required, type Body } from './input.js';
import { settle } from './post-transaction.js';
import { checkAccount, customerOf, nextNumber, stampOf, today, type PostingContext } from './posting-context.js';

const FIELDS = [integer('customer_id'), instant('allocation_date')];
const LINE_FIELDS = [integer('posted_tran_id'), money('value_to_allocate')];

interface Line {
  readonly id: number;
  /** Signed as asked: positive on debits. */
  readonly value: number;
  left: number;
}

/** Answers the shape it was asked with, without an id: Sage gives allocations none. */
export function postAllocation(context: PostingContext, body: Body): string {
  const values = readValues(FIELDS, body);
  const customer = customerOf(context, required<number>(values, 'customer_id'));
  checkAccount(context, customer, false);
  if (customer.account_type !== 0) throw new Refusal(`The account ${customer.reference} is not an open item account.`);
  const items = listOf(body, 'allocation_lines');
  if (items.length === 0) throw new Refusal("SageNullFieldException: The field 'allocation_lines' cannot be null.");
  const lines = items.map((item) => readLine(context, customer.id, item));
  if (new Set(lines.map(({ id }) => id)).size !== lines.length)
    throw new Refusal('A transaction may be allocated only once in a session.');
  if (lines.reduce((sum, { value }) => sum + value, 0) !== 0)
    throw new Refusal('The allocation lines must total zero.');
  const date = dateOf(values, 'allocation_date') ?? today(context);
  writePairs(context, lines, date);
  for (const { id } of lines) settle(context, id);
  const shown = lines.map(({ id, value }) => `{"posted_tran_id":${id},"value_to_allocate":${minorToText(value)}}`);
  return `{"customer_id":${customer.id},"allocation_date":"${date}T00:00:00Z","allocation_lines":[${shown.join(',')}]}`;
}

function readLine({ ledger, companyId }: PostingContext, customerId: number, item: Body): Line {
  const values = readValues(LINE_FIELDS, item);
  const id = required<number>(values, 'posted_tran_id');
  const value = required<number>(values, 'value_to_allocate');
  const row = ledger.row<{ customer_id: number; gross: number; allocated: number; queried: string }>(
    'select customer_id, gross, allocated, queried from transactions where company_id = ? and id = ? and is_archived = 0',
    companyId,
    id,
  );
  if (!row || row.customer_id !== customerId)
    throw new Refusal(`The posted transaction ${id} was not found on the account.`);
  if (row.queried !== '' && row.queried !== 'F')
    throw new Refusal(`The transaction ${id} is queried and cannot be allocated.`);
  if (value === 0) throw new Refusal(`The value to allocate on transaction ${id} must not be zero.`);
  const outstanding = row.gross - row.allocated;
  if (row.gross < 0 !== value < 0) throw new Refusal(`The value to allocate on transaction ${id} has the wrong sign.`);
  if (Math.abs(value) > Math.abs(outstanding)) {
    throw new Refusal(
      `The value to allocate on transaction ${id} exceeds its outstanding value ${minorToText(outstanding)}.`,
    );
  }
  return { id, value, left: Math.abs(value) };
}

/** Sage keeps no pairs of a session with several debits and credits; here they pair off in the order of the lines. */
function writePairs(context: PostingContext, lines: readonly Line[], date: string): void {
  const { ledger, companyId } = context;
  const sessionId = nextNumber(context, 'other');
  const credits = lines.filter(({ value }) => value < 0);
  const write = (transactionId: number, counterpartId: number, value: number): void => {
    ledger.run(
      'insert into allocations values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      companyId,
      transactionId,
      nextNumber(context, 'other'),
      sessionId,
      counterpartId,
      value,
      date,
      context.userName,
      stampOf(context),
    );
  };
  for (const debit of lines.filter(({ value }) => value > 0)) {
    for (const credit of credits) {
      const value = Math.min(debit.left, credit.left);
      if (value === 0) continue;
      debit.left -= value;
      credit.left -= value;
      write(debit.id, credit.id, value);
      write(credit.id, debit.id, -value);
    }
  }
}

/** Amend Allocations: everything that a transaction was matched with comes loose. Answers how many pairs did. */
export function unallocate(context: PostingContext, transactionId: number): number {
  const { ledger, companyId } = context;
  const others = ledger.column<number>(
    'select distinct counterpart_id from allocations where company_id = ? and transaction_id = ?',
    [companyId, transactionId],
  );
  ledger.run('delete from allocations where company_id = ? and transaction_id = ?', companyId, transactionId);
  for (const other of others) {
    ledger.run(
      'delete from allocations where company_id = ? and transaction_id = ? and counterpart_id = ?',
      companyId,
      other,
      transactionId,
    );
    settle(context, other);
  }
  settle(context, transactionId);
  return others.length;
}
