// What the sandbox does with each posting: refusals, signs and lines, held against its own tables.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LedgerPosting } from '../../src/sandbox/control/postings.js';
import { ANCHOR, BANK, COMPANY, STANDARD_TAX, startCaller, ZERO_TAX, type Caller, type Row } from './sandbox-caller.js';

let caller: Caller;
let customerId: number;
beforeAll(async () => {
  caller = await startCaller();
  customerId = await caller.newCustomer({ payment_terms_days: 14 });
});
afterAll(() => caller.close());

const postings = (id = customerId): LedgerPosting[] => caller.sandbox.control.postings(COMPANY, { customerId: id });
const desktop = (action: string, body: Row): Row => caller.sandbox.control.desktop(COMPANY, action, body) as Row;
const balanceOf = (id: number): string | undefined =>
  caller.sandbox.control.figures(COMPANY).find((account) => account.customerId === id)?.balance;
const bankBalance = async (id: number): Promise<number> =>
  (await caller.call('GET', `/banks/${id}`)).body['balance'] as number;

const post = async (path: string, body: Row): Promise<LedgerPosting> => {
  const { status, text } = await caller.call('POST', path, body);
  expect([status, text]).toEqual([200, expect.stringMatching(/^\{"urn":\d+\}$/)]);
  const { urn } = JSON.parse(text) as { urn: number };
  const found = postings(body['customer_id'] as number).find((posting) => posting.urn === urn);
  if (!found) throw new Error(`URN ${urn} is not in the ledger`);
  return found;
};

/** 400 in Sage's shape, and nothing in the ledger. */
const refused = async (path: string, body: unknown, says: RegExp, method = 'POST'): Promise<void> => {
  const count = (): number => caller.sandbox.control.postings(COMPANY).length;
  const before = count();
  const answer = await caller.call(method, path, body);
  expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(/^\{"Message":".*"\}$/)]);
  expect(answer.body['Message']).toMatch(says);
  expect(count()).toBe(before);
};

describe('the good way of each posting', () => {
  const lines = {
    tax_analysis_items: [
      { id: STANDARD_TAX, goods_amount: 100, tax_amount: 20 },
      { id: ZERO_TAX, goods_amount: 50.5, tax_amount: 0 },
    ],
    nominal_analysis_items: [
      { code: '4000', cost_centre: 'TEL', department: 'NTH', narrative: 'Rental', value: 100 },
      { code: '4010', cost_centre: '', department: '', narrative: 'Calls', value: 50.5 },
    ],
  };

  test.each([
    ['/sales_invoices', 'TradingAccountEntryTypeInvoice', '', '2026-06-29'],
    ['/sales_credit_notes', 'TradingAccountEntryTypeCreditNote', '-', ANCHOR],
  ])('%s', async (path, type, sign, dueDate) => {
    const id = await caller.newCustomer({ payment_terms_days: 14 });
    const posted = await post(path, {
      customer_id: id,
      transaction_date: `${ANCHOR}T00:00:00Z`,
      reference: 'INV0001',
      second_reference: 'LAYER-1',
      document_goods_value: 150.5,
      document_tax_value: 20,
      customer_document_no: 'ignored in silence',
      ...lines,
    });
    const line = { taxCodeId: STANDARD_TAX, goods: `${sign}100.00`, tax: `${sign}20.00` };
    expect(posted).toMatchObject({
      type,
      reference: 'INV0001',
      secondReference: 'LAYER-1',
      transactionDate: ANCHOR,
      dueDate,
      goods: `${sign}150.50`,
      tax: `${sign}20.00`,
      gross: `${sign}170.50`,
      allocated: '0.00',
      outstanding: `${sign}170.50`,
      bank: null,
      taxLines: [line, { taxCodeId: ZERO_TAX, goods: `${sign}50.50`, tax: '0.00' }],
      nominalLines: [
        { code: '4000', costCentre: 'TEL', department: 'NTH', narrative: 'Rental', value: `${sign}100.00` },
        { code: '4010', costCentre: '', department: '', narrative: 'Calls', value: `${sign}50.50` },
      ],
    });
    expect(balanceOf(id)).toBe(`${sign}170.50`);
    const [row] = await caller.list('/sales_posted_transactions', {
      $filter: `urn eq ${posted.urn}`,
      $expand: 'tax_analysis_items,nominal_analysis_items',
    });
    expect(row).toMatchObject({
      id: posted.id,
      trader_transaction_type: type,
      document_gross_value: Number(`${sign}170.5`),
      queried: '',
      customer_document_no: '',
      tax_analysis_items: [
        { id: STANDARD_TAX, code: 1, goods_amount: Number(`${sign}100`) },
        { id: ZERO_TAX, code: 2 },
      ],
    });
  });

  test('an invoice of headline values alone takes the rest from its customer', async () => {
    const id = await caller.newCustomer({
      payment_terms_days: 10,
      payment_terms_basis: 'PaymentDueFromEndOfMonth',
      default_tax_code_id: ZERO_TAX,
      default_nominal_code_reference: '4020',
      early_settlement_discount_percent: 2.5,
      early_settlement_discount_days: 7,
    });
    const posted = await post('/sales_invoices', { customer_id: id, document_goods_value: 10 });
    const [reference] = (await caller.list('/customers', { $filter: `id eq ${id}` })).map((row) => row['reference']);
    expect(posted).toMatchObject({
      transactionDate: ANCHOR,
      dueDate: '2026-07-10',
      taxLines: [{ taxCodeId: ZERO_TAX, goods: '10.00', tax: '0.00' }],
      nominalLines: [{ code: '4020', value: '10.00', narrative: `SI / ${String(reference)}` }],
    });
    const [row] = await caller.list('/sales_posted_transactions', { $filter: `urn eq ${posted.urn}` });
    expect(row).toMatchObject({ discount_percent: 2.5, discount_days: 7 });
  });

  test.each([
    ['/sales_receipts', 'TradingAccountEntryTypePurchasePaymentSalesReceipt', '-', 1],
    ['/sales_payments', 'TradingAccountEntryTypePurchaseReceiptSalesPayment', '', -1],
  ])('%s', async (path, type, sign, bankSign) => {
    const id = await caller.newCustomer();
    const before = await bankBalance(BANK);
    const body = { customer_id: id, bank_id: BANK, cheque_value: 120.1, reference: 'BACS', second_reference: 'KEY1' };
    expect(await post(path, body)).toMatchObject({
      type,
      reference: 'BACS',
      secondReference: 'KEY1',
      transactionDate: ANCHOR,
      dueDate: ANCHOR,
      gross: `${sign}120.10`,
      outstanding: `${sign}120.10`,
      taxLines: [],
      nominalLines: [],
      bank: { id: BANK, chequeValue: '120.10' },
    });
    expect(balanceOf(id)).toBe(`${sign}120.10`);
    expect(await bankBalance(BANK)).toBeCloseTo(before + bankSign * 120.1, 2);
  });

  test('a foreign cheque is worth what is said on the account, and its own amount at a bank of its currency', async () => {
    const id = await caller.newCustomer({ currency_id: 3 });
    const [euros, pounds] = [await bankBalance(1203), await bankBalance(BANK)];
    const euro = await post('/sales_receipts', { customer_id: id, bank_id: 1203, cheque_value: 117 });
    expect(euro).toMatchObject({ gross: '-117.00', baseGross: '-100.00', exchangeRate: '1.170000' });
    expect(await bankBalance(1203)).toBeCloseTo(euros + 117, 2);
    const dollars = { customer_id: id, bank_id: BANK, cheque_value: 127, cheque_currency_id: 2 };
    await refused('/sales_receipts', dollars, /customer_cheque_value/);
    expect(await post('/sales_receipts', { ...dollars, customer_cheque_value: 117 })).toMatchObject({
      gross: '-117.00',
      bank: { id: BANK, chequeValue: '127.00' },
    });
    expect(await bankBalance(BANK)).toBeCloseTo(pounds + 100, 2);
  });

  test('four kinds of posting count one URN on, whatever their kind', async () => {
    const cash = { customer_id: customerId, bank_id: BANK, cheque_value: 1 };
    const document = { customer_id: customerId, document_goods_value: 1 };
    const urns = [
      await post('/sales_receipts', cash),
      await post('/sales_payments', cash),
      await post('/sales_invoices', document),
      await post('/sales_credit_notes', document),
    ].map(({ urn }) => urn);
    expect(urns).toEqual([0, 1, 2, 3].map((step) => (urns[0] as number) + step));
  });

  test('the same posting twice is two postings: Sage knows no key', async () => {
    const id = await caller.newCustomer();
    const body = { customer_id: id, bank_id: BANK, cheque_value: 5, second_reference: 'SAME' };
    await post('/sales_receipts', body);
    await post('/sales_receipts', body);
    expect(caller.sandbox.control.postings(COMPANY, { secondReference: 'SAME' })).toHaveLength(2);
    expect(caller.sandbox.control.postings(COMPANY, { secondReference: 'same' })).toHaveLength(0);
    const over = `${caller.sandbox.url}/sandbox/companies/${COMPANY}/postings?customerId=${id}&secondReference=SAME`;
    expect(await (await fetch(over)).json()).toEqual(JSON.parse(JSON.stringify(postings(id))));
  });

  test('the dry run fills in defaults and saves nothing', async () => {
    const before = caller.sandbox.control.postings(COMPANY).length;
    const { status, body } = await caller.call('POST', '/sales_invoices_new', {
      customer_id: customerId,
      transaction_date: '2026-06-15T07:38:18Z',
      document_goods_value: 10,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      transaction_date: '2026-06-15T07:38:18Z',
      due_date: '2026-06-29T00:00:00Z',
      tax_analysis_items: [{ code: 1, goods_amount: 10 }],
      nominal_analysis_items: [{ code: '4000', value: 10 }],
    });
    expect(body).not.toHaveProperty('customer_id');
    expect(caller.sandbox.control.postings(COMPANY)).toHaveLength(before);
    await refused('/sales_invoices_new', { document_goods_value: 10 }, /customer_id/);
  });
});

describe('documents are refused', () => {
  const good = { document_goods_value: 100, document_tax_value: 20 };
  const tax = (...tax_analysis_items: Row[]): Row => ({ tax_analysis_items });
  const nominal = (...nominal_analysis_items: Row[]): Row => ({ nominal_analysis_items });
  const wrong: [string, Row, RegExp][] = [
    ['without a customer', { customer_id: null }, /SageNullFieldException.*customer_id/],
    ['for a customer that is not there', { customer_id: 1 }, /customer with id 1 was not found/],
    ['with a customer id of text', { customer_id: '27001' }, /customer_id/],
    ['with a reference of 21', { reference: 'R'.repeat(21) }, /'reference' must not be greater than 20/],
    ['with a second reference of 21', { second_reference: 'R'.repeat(21) }, /'second_reference'.*20/],
    ['with a bare date', { transaction_date: '2026-06-15' }, /transaction_date/],
    ['with a bare due date', { due_date: '2026-07-15' }, /due_date/],
    ['with a day that is not in the calendar', { transaction_date: '2026-02-31T00:00:00Z' }, /transaction_date/],
    ['in a closed period', { transaction_date: '2025-10-31T00:00:00Z' }, /closed accounting period/],
    ['in no period', { transaction_date: '2040-01-01T00:00:00Z' }, /accounting period/],
    ['with negative goods', { document_goods_value: -1 }, /document_goods_value/],
    ['with three decimals', { document_goods_value: 1.005 }, /document_goods_value/],
    ['without a value', { document_goods_value: 0, document_tax_value: 0 }, /greater than zero/],
    ['at a rate of zero', { exchange_rate: 0 }, /exchange_rate/],
    ['with a tax line without id', tax({ goods_amount: 100, tax_amount: 20 }), /SageNullFieldException.*'id'/],
    ['with an unknown tax code', tax({ id: 1 }), /tax code with id 1/],
    ['with tax that does not add up', tax({ id: STANDARD_TAX, goods_amount: 100, tax_amount: 19.99 }), /tax values/],
    ['with taxed goods that do not', tax({ id: STANDARD_TAX, goods_amount: 99, tax_amount: 20 }), /goods values/],
    ['with two tax lines of defaults', tax({ id: STANDARD_TAX }, { id: ZERO_TAX }), /add up/],
    ['with nominal values that do not add up', nominal({ code: '4000', value: 120 }), /nominal analysis values/],
    [
      'with nominal goods_value, which is ignored',
      nominal({ code: '4000', goods_value: 60 }, { code: '4010', goods_value: 40 }),
      /add up/,
    ],
    ['without a code', nominal({ value: 100 }), /'code'/],
    ['with an unknown account', nominal({ code: '9999' }), /9999\/\/ was not found/],
    [
      'with a cost centre that the code lacks',
      nominal({ code: '4000', cost_centre: 'MOB' }),
      /4000\/MOB\/ was not found/,
    ],
    ['with a hidden account', nominal({ code: '4099' }), /hidden/],
    ['with a code of nine', nominal({ code: '400000000' }), /'code'.*8/],
    ['with an analysis code', nominal({ code: '4000', transaction_analysis_code: 'PROJECT' }), /do not allow/],
    ['with lines that are no list', { nominal_analysis_items: { code: '4000' } }, /array/],
  ];
  test.each(wrong)('%s', async (_name, fields, says) => {
    for (const path of ['/sales_invoices', '/sales_credit_notes']) {
      // a credit note has no due date of its own: there the field is unknown, and ignored
      if (path === '/sales_credit_notes' && 'due_date' in fields) continue;
      await refused(path, { customer_id: customerId, ...good, ...fields }, says);
    }
  });

  test('on group accounts, which hold no postings', async () => {
    const created = await caller.call('POST', '/nominal_codes', {
      reference: '4900G',
      report_category_id: 701,
      nominal_account_type: 'NominalAccountTypeGroup',
    });
    expect(created.body).toMatchObject({ nominal_account_type: 'NominalAccountTypeGroup' });
    await refused(
      '/sales_invoices',
      { customer_id: customerId, ...good, ...nominal({ code: '4900G' }) },
      /not a posting account/,
    );
  });

  test('when they are no JSON object', async () => {
    await refused('/sales_invoices', '{"customer_id":', /not valid JSON/);
    await refused('/sales_invoices', '[]', /object/);
  });

  test('with a tax code that somebody deleted; what was posted with it keeps its id', async () => {
    const [, , , lower] = await caller.list('/tax_codes', { $orderby: 'id' });
    const line = tax({ id: lower?.['id'], goods_amount: 100, tax_amount: 20 });
    const posted = await post('/sales_invoices', { customer_id: customerId, ...good, ...line });
    desktop('deleteTaxCode', { taxCodeId: lower?.['id'] });
    await refused('/sales_invoices', { customer_id: customerId, ...good, ...line }, /tax code/);
    const { body } = await caller.call('GET', `/sales_posted_transactions/${posted.id}?$expand=tax_analysis_items`);
    expect(body['tax_analysis_items']).toEqual([expect.objectContaining({ id: lower?.['id'], tax_amount: 20 })]);
  });
});

describe('cash is refused', () => {
  const wrong: [string, Row, RegExp][] = [
    ['without a customer', { customer_id: undefined }, /customer_id/],
    ['without a bank', { bank_id: undefined }, /bank_id/],
    ['at a bank that is not there', { bank_id: 1 }, /bank account with id 1/],
    ['at a hidden bank', { bank_id: 1205 }, /OLDBANK is hidden/],
    ['without a value', { cheque_value: undefined }, /cheque_value/],
    ['of nothing', { cheque_value: 0 }, /greater than zero/],
    ['of less than nothing', { cheque_value: -5 }, /greater than zero/],
    ['with a reference of 21', { reference: 'R'.repeat(21) }, /'reference'/],
    ['with a second reference of 21', { second_reference: 'R'.repeat(21) }, /'second_reference'/],
    ['with a bare date', { transaction_date: '2026-06-15' }, /transaction_date/],
    ['in a closed period', { transaction_date: '2025-10-31T00:00:00Z' }, /closed/],
    ['at a rate of zero', { exchange_rate: 0 }, /exchange_rate/],
    ['in a currency that is not there', { cheque_currency_id: 99 }, /currency with id 99/],
    ['with a charge on an unknown account', { nominal_analysis_items: [{ code: '9999', value: 1 }] }, /9999/],
  ];
  test.each(wrong)('%s', async (_name, fields, says) => {
    for (const path of ['/sales_receipts', '/sales_payments'])
      await refused(path, { customer_id: customerId, bank_id: BANK, cheque_value: 5, ...fields }, says);
  });

  test('at a bank that somebody deleted', async () => {
    desktop('deleteBank', { bankId: 1202 });
    await refused('/sales_receipts', { customer_id: customerId, bank_id: 1202, cheque_value: 5 }, /id 1202/);
  });
});

describe('accounts and periods', () => {
  test('an account on hold is served as the rules say, and money is always taken', async () => {
    const id = await caller.newCustomer({ on_hold: true });
    const invoice = { customer_id: id, document_goods_value: 1 };
    await post('/sales_invoices', invoice);
    const url = `${caller.sandbox.url}/sandbox/rules`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ onHoldPostings: 'refuse' }) });
    expect(await answer.json()).toEqual({ onHoldPostings: 'refuse', isCustomerTouchedByPosting: false });
    try {
      await refused('/sales_invoices', invoice, /SageAccountOnHoldException/);
      await post('/sales_receipts', { customer_id: id, bank_id: BANK, cheque_value: 1 });
      desktop('postInvoice', invoice);
    } finally {
      caller.sandbox.control.setRules({ onHoldPostings: 'accept' });
    }
    await post('/sales_invoices', invoice);
    expect(postings(id)).toHaveLength(4);
    expect((await fetch(url, { method: 'POST', body: '{"onHoldPostings":"maybe"}' })).status).toBe(400);
  });

  test('a hidden account takes nothing until it is shown again', async () => {
    const id = await caller.newCustomer();
    const debit = await post('/sales_invoices', { customer_id: id, document_goods_value: 5 });
    const credit = await post('/sales_receipts', { customer_id: id, bank_id: BANK, cheque_value: 5 });
    desktop('hide', { customerId: id, reason: 'Ceased trading' });
    for (const path of ['/sales_invoices', '/sales_credit_notes'])
      await refused(path, { customer_id: id, document_goods_value: 1 }, /hidden/);
    for (const path of ['/sales_receipts', '/sales_payments'])
      await refused(path, { customer_id: id, bank_id: BANK, cheque_value: 1 }, /hidden/);
    const lines = [
      { posted_tran_id: debit.id, value_to_allocate: 5 },
      { posted_tran_id: credit.id, value_to_allocate: -5 },
    ];
    await refused('/sales_allocations', { customer_id: id, allocation_lines: lines }, /hidden/);
    desktop('unhide', { customerId: id });
    await post('/sales_invoices', { customer_id: id, document_goods_value: 1 });
  });

  test('transaction_date_validation says what a posting would meet, also after the period was closed and opened', async () => {
    const classify = async (date: string, ledger_type: string | undefined = 'LedgerSales'): Promise<unknown> => {
      const { status, body } = await caller.call('POST', '/transaction_date_validation', { date, ledger_type });
      expect(status).toBe(200);
      return body['classification'];
    };
    const march = '2026-03-10T00:00:00Z';
    const invoice = { customer_id: customerId, document_goods_value: 1, transaction_date: march };
    expect(await classify(`${ANCHOR}T00:00:00Z`)).toBe('Normal');
    expect(await classify('2026-08-01T00:00:00Z')).toBe('Acceptable');
    expect(await classify('2040-08-01T00:00:00Z')).toBe('Unacceptable');
    expect(await classify('2025-10-31T00:00:00Z')).toBe('Unacceptable');
    expect(await classify(march)).toBe('Normal');
    desktop('closePeriod', { date: '2026-03-31' });
    expect(await classify(march)).toBe('Unacceptable');
    await refused('/sales_invoices', invoice, /closed/);
    desktop('openPeriod', { date: '2025-12-01' });
    expect(await classify(march)).toBe('Normal');
    await post('/sales_invoices', invoice);
    const shown = await caller.call('POST', '/transaction_date_validation', { date: '2025-10-31T00:00:00Z' });
    expect(shown.body).toEqual({ classification: 'Unacceptable', message: expect.stringContaining('closed') });
    await refused('/transaction_date_validation', { date: '2026-06-15', ledger_type: 'LedgerSales' }, /date/);
    await refused('/transaction_date_validation', { date: march, ledger_type: 'LedgerLife' }, /ledger_type/);
    await refused('/transaction_date_validation', { ledger_type: 'LedgerSales' }, /date/);
  });
});

describe('allocations', () => {
  const allocate = (id: number, ...lines: [LedgerPosting, number][]): Row => ({
    customer_id: id,
    allocation_lines: lines.map(([{ id: posted_tran_id }, value_to_allocate]) => ({
      posted_tran_id,
      value_to_allocate,
    })),
  });
  const account = async () => {
    const id = await caller.newCustomer();
    const cash = { customer_id: id, bank_id: BANK, cheque_value: 100 };
    return {
      id,
      first: await post('/sales_invoices', { customer_id: id, document_goods_value: 60, reference: 'FIRST' }),
      second: await post('/sales_invoices', { customer_id: id, document_goods_value: 70, reference: 'SECOND' }),
      receipt: await post('/sales_receipts', { ...cash, reference: 'MONEY' }),
    };
  };

  test('a receipt over two invoices shows on every side by URN, and cannot be done twice', async () => {
    const { id, first, second, receipt } = await account();
    const before = balanceOf(id);
    const body = {
      ...allocate(id, [first, 60], [second, 40], [receipt, -100]),
      allocation_date: '2026-06-14T00:00:00Z',
    };
    const { status, body: answer } = await caller.call('POST', '/sales_allocations', body);
    expect([status, answer]).toEqual([200, body]);
    expect(postings(id)).toMatchObject([
      { outstanding: '0.00', fullSettlementDate: '2026-06-14', allocations: [{ urn: receipt.urn, value: '60.00' }] },
      { outstanding: '30.00', fullSettlementDate: null, allocations: [{ urn: receipt.urn, value: '40.00' }] },
      {
        outstanding: '0.00',
        allocations: [
          { urn: first.urn, value: '-60.00', date: '2026-06-14' },
          { urn: second.urn, value: '-40.00' },
        ],
      },
    ]);
    expect(balanceOf(id)).toBe(before);
    const rows = await caller.list('/sales_posted_transactions', {
      $filter: `customer_id eq ${id}`,
      $expand: 'allocation_session_items,allocation_history_items',
      $orderby: 'id',
    });
    const sessions = rows.map((row) => row['allocation_session_items'] as Row[]);
    expect(
      sessions.map((items) => items.map(({ urn, reference, allocation_value }) => [urn, reference, allocation_value])),
    ).toEqual([
      [[receipt.urn, 'MONEY', -60]],
      [[receipt.urn, 'MONEY', -40]],
      [
        [first.urn, 'FIRST', 60],
        [second.urn, 'SECOND', 40],
      ],
    ]);
    expect(rows.map((row) => row['document_outstanding_value'])).toEqual([0, 30, 0]);
    await refused('/sales_allocations', body, /exceeds its outstanding value/);
    expect(postings(id).map(({ allocations }) => allocations.length)).toEqual([1, 1, 2]);
    expect(desktop('unallocate', { transactionId: receipt.id })).toEqual({ pairs: 2 });
    expect(postings(id).map(({ outstanding }) => outstanding)).toEqual(['60.00', '70.00', '-100.00']);
  });

  test('a refund is a debit, matched with what it gives back', async () => {
    const { id, receipt } = await account();
    const refund = await post('/sales_payments', { customer_id: id, bank_id: BANK, cheque_value: 25 });
    const { status } = await caller.call('POST', '/sales_allocations', allocate(id, [receipt, -25], [refund, 25]));
    expect(status).toBe(200);
    expect(postings(id).at(-1)).toMatchObject({
      outstanding: '0.00',
      allocations: [{ urn: receipt.urn, value: '25.00' }],
    });
  });

  test('are refused, and leave every match as it was', async () => {
    const { id, first, second, receipt } = await account();
    const other = await account();
    const no = (body: Row, says: RegExp): Promise<void> => refused('/sales_allocations', body, says);
    await no({ allocation_lines: [] }, /customer_id/);
    await no({ customer_id: id }, /allocation_lines/);
    await no(allocate(id), /allocation_lines/);
    await no({ customer_id: id, allocation_lines: [{ posted_tran_id: first.id }] }, /value_to_allocate/);
    await no({ customer_id: id, allocation_lines: [{ value_to_allocate: 1 }] }, /posted_tran_id/);
    await no(allocate(id, [first, 10], [receipt, -11]), /total zero/);
    await no(allocate(id, [first, 10]), /total zero/);
    await no(allocate(id, [first, -10], [receipt, 10]), /wrong sign/);
    await no(allocate(id, [first, 10], [second, -10]), /wrong sign/);
    await no(allocate(id, [first, 0], [receipt, 0]), /must not be zero/);
    await no(allocate(id, [first, 60.01], [receipt, -60.01]), /exceeds its outstanding value 60.00/);
    await no(allocate(id, [first, 10], [first, 10], [receipt, -20]), /only once/);
    await no(allocate(id, [other.first, 10], [receipt, -10]), /not found on the account/);
    await no({ ...allocate(id, [first, 10], [receipt, -10]), allocation_date: '2026-06-15' }, /allocation_date/);
    expect((await caller.call('PUT', `/sales_posted_transactions/${first.id}`, { queried: 'Q' })).status).toBe(200);
    await no(allocate(id, [first, 10], [receipt, -10]), /queried/);
    for (const type of ['TradingAccountTypeBalanceForward', 'TradingAccountTypeAutoAllocate']) {
      await caller.call('PUT', `/customers/${id}`, { account_type: type });
      await no(allocate(id, [second, 10], [receipt, -10]), /open item/);
    }
    expect([...postings(id), ...postings(other.id)].flatMap(({ allocations }) => allocations)).toEqual([]);
    await caller.call('PUT', `/customers/${id}`, { account_type: 'TradingAccountTypeOpenItem' });
    desktop('setQuery', { transactionId: first.id, queried: 'F' });
    expect((await caller.call('POST', '/sales_allocations', allocate(id, [first, 10], [receipt, -10]))).status).toBe(
      200,
    );
  });
});

describe('Account Maintenance', () => {
  const settledPair = async (months: number) => {
    const id = await caller.newCustomer({ months_to_keep_transactions: months });
    const transaction_date = '2026-02-02T00:00:00Z';
    const key = `KEEP-${months}-${id}`;
    const debit = { customer_id: id, document_goods_value: 9, transaction_date, second_reference: key };
    const invoice = await post('/sales_invoices', debit);
    const open = await post('/sales_invoices', debit);
    const receipt = await post('/sales_receipts', {
      customer_id: id,
      bank_id: BANK,
      cheque_value: 9,
      transaction_date,
    });
    const queried = await post('/sales_credit_notes', { customer_id: id, document_goods_value: 4, transaction_date });
    const allocation_lines = [
      { posted_tran_id: invoice.id, value_to_allocate: 9 },
      { posted_tran_id: receipt.id, value_to_allocate: -9 },
      { posted_tran_id: open.id, value_to_allocate: 4 },
      { posted_tran_id: queried.id, value_to_allocate: -4 },
    ];
    const allocation = { customer_id: id, allocation_date: transaction_date, allocation_lines };
    expect((await caller.call('POST', '/sales_allocations', allocation)).status).toBe(200);
    desktop('setQuery', { transactionId: queried.id, queried: 'Q' });
    return { id, key, invoice, open, receipt, queried };
  };
  const filter = ({ id, key }: { id: number; key: string }): Record<string, string> => ({
    $filter: `customer_id eq ${id} and trader_transaction_type eq 'TradingAccountEntryTypeInvoice' and second_reference eq '${key}'`,
    $orderby: 'id',
  });
  const urns = async (path: string, query: Record<string, string>): Promise<unknown[]> =>
    (await caller.list(path, query)).map(({ urn }) => urn);

  test("moves settled rows older than the account's own months, found by key and by URN where they went", async () => {
    const short = await settledPair(3);
    const long = await settledPair(36);
    const balances = [balanceOf(short.id), balanceOf(long.id)];
    expect(desktop('runAccountMaintenance', { customerId: long.id })).toEqual({ archived: 0 });
    expect(desktop('runAccountMaintenance', {})).toEqual({ archived: 2 });
    expect(postings(short.id).map(({ isArchived }) => isArchived)).toEqual([true, false, true, false]);
    expect(postings(long.id).map(({ isArchived }) => isArchived)).toEqual([false, false, false, false]);
    expect(await urns('/sales_posted_transactions', filter(short))).toEqual([short.open.urn]);
    expect(await urns('/sales_historical_transactions', filter(short))).toEqual([short.invoice.urn]);
    expect(await urns('/sales_posted_transactions', filter(long))).toEqual([long.invoice.urn, long.open.urn]);
    expect(await urns('/sales_historical_transactions', filter(long))).toEqual([]);
    const byUrn = { $filter: `urn eq ${short.invoice.urn} or urn eq ${short.open.urn}` };
    expect(await urns('/sales_posted_transactions', byUrn)).toEqual([short.open.urn]);
    expect(await urns('/sales_historical_transactions', byUrn)).toEqual([short.invoice.urn]);
    expect([balanceOf(short.id), balanceOf(long.id)]).toEqual(balances);
    const line = {
      customer_id: short.id,
      allocation_lines: [{ posted_tran_id: short.invoice.id, value_to_allocate: 9 }],
    };
    await refused('/sales_allocations', line, /not found/);
  });

  test('deletes them where nothing is archived', async () => {
    const { id, invoice, open, receipt, queried } = await settledPair(36);
    expect(desktop('runAccountMaintenance', { customerId: id, olderThanMonths: 2, archive: false })).toEqual({
      deleted: 2,
    });
    expect(postings(id).map(({ urn }) => urn)).toEqual([open.urn, queried.urn]);
    const gone = { $filter: `urn eq ${invoice.urn} or urn eq ${receipt.urn}` };
    expect(await urns('/sales_historical_transactions', gone)).toEqual([]);
  });
});

describe('customers', () => {
  test('are created with currency, address and contacts, and defaults for the rest', async () => {
    const { status, body } = await caller.call('POST', '/customers', {
      reference: 'ACME0001',
      name: 'Acme Ltd',
      currency_id: 3,
      balance: 1000,
      credit_limit: 1500.5,
      main_address: { address_1: '1 High Street', city: 'Leeds', postcode: 'LS1 1AA', address_country_code_id: 1 },
      contacts: [{ first_name: 'Ann', last_name: 'Other', emails: [{ email: 'ann@acme.example' }] }],
      an_unknown_field: 1,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      reference: 'ACME0001',
      balance: 0,
      credit_limit: 1500.5,
      currency_id: 3,
      on_hold: false,
      account_status_type: 'AccountStatusActive',
      account_type: 'TradingAccountTypeOpenItem',
      payment_terms_days: 30,
      default_tax_code_id: STANDARD_TAX,
      default_nominal_code_reference: '4000',
    });
    const [row] = await caller.list('/customers', {
      $filter: "reference eq 'acme0001'",
      $expand: 'main_address,contacts',
    });
    expect(row).toMatchObject({
      id: body['id'],
      main_address: { address_1: '1 High Street', city: 'Leeds', postcode: 'LS1 1AA', country: 'Great Britain' },
      contacts: [{ name: 'Ann Other', default_email: 'ann@acme.example', is_default: true }],
    });
    const view = await caller.list('/customer_views', { $filter: `id eq ${String(body['id'])}` });
    expect(view).toMatchObject([{ currency_iso_code: 'EUR', account_is_on_hold: false, contact_name: 'Ann Other' }]);
  });

  test('are refused without a name, with a used reference, with foreign ids of nothing', async () => {
    const good = { reference: 'REFUSED1', name: 'Refused' };
    const [taken] = await caller.list('/customers', { $top: '1' });
    const no = (fields: Row, says: RegExp): Promise<void> => refused('/customers', { ...good, ...fields }, says);
    await no({ name: undefined }, /'name'/);
    await no({ name: ' ' }, /'name' cannot be blank/);
    await no({ reference: undefined }, /'reference'/);
    await no({ reference: 'NINECHARS' }, /'reference' must not be greater than 8/);
    await no({ reference: String(taken?.['reference']).toLowerCase() }, /SageDuplicateKeyException/);
    await no({ currency_id: 99 }, /currency_id/);
    await no({ default_tax_code_id: 1 }, /default_tax_code_id/);
    await no({ default_nominal_code_reference: '9999' }, /9999/);
    await no({ account_type: 'Open' }, /account_type/);
    await no({ credit_limit: -1 }, /credit_limit/);
    await no({ main_address: { postcode: 'TOO LONG FOR IT' } }, /postcode/);
    await no({ contacts: [{ emails: [{ email: 'e'.repeat(228) }] }] }, /email/);
    expect(await caller.list('/customers', { $filter: "reference eq 'REFUSED1'" })).toEqual([]);
  });

  test('are updated field by field', async () => {
    const id = await caller.newCustomer({
      main_address: { address_1: 'Old', city: 'York' },
      default_nominal_code_cost_centre: '',
    });
    caller.clock.ms += 60_000;
    const { status, body } = await caller.call('PUT', `/customers/${id}`, {
      name: 'Renamed',
      on_hold: true,
      balance: 5,
      credit_limit: null,
      default_nominal_code_cost_centre: 'TEL',
      default_nominal_code_department: 'STH',
      main_address: { address_1: 'New' },
    });
    expect([status, body['name'], body['on_hold'], body['balance'], body['credit_limit']]).toEqual([
      200,
      'Renamed',
      true,
      0,
      0,
    ]);
    expect(Date.parse(String(body['date_time_updated']))).toBe(caller.clock.ms);
    const shown = await caller.call('GET', `/customers/${id}?$expand=main_address,default_nominal_code`);
    expect(shown.body).toMatchObject({
      main_address: { address_1: 'New', city: 'York' },
      default_nominal_code: { reference: '4000', cost_centre_code: 'TEL', department_code: 'STH' },
    });
    await refused(`/customers/${id}`, { currency_id: 2 }, /currency/, 'PUT');
    await refused(`/customers/${id}`, { name: null }, /'name'/, 'PUT');
    await refused(`/customers/${id}`, { name: 'N'.repeat(61) }, /60/, 'PUT');
    await refused(`/customers/${id}`, { default_nominal_code_department: 'XXX' }, /4000\/TEL\/XXX/, 'PUT');
    expect((await caller.call('PUT', '/customers/1', { name: 'Nobody' })).status).toBe(404);
  });

  test('have contacts with e-mails and telephones, created and changed below their own account', async () => {
    const id = await caller.newCustomer();
    const path = `/customers/${id}/customer_contacts`;
    const created = await caller.call('POST', path, {
      first_name: 'Bo',
      last_name: 'Smith',
      name: 'ignored',
      emails: [{ email: 'bo@one.example' }, { email: 'bo@two.example', is_default: true }],
      telephones: [{ country_code: '44', area_code: '0113', subscriber_number: '496 0001' }],
    });
    expect([created.status, created.body]).toEqual([
      200,
      expect.objectContaining({
        customer_id: id,
        name: 'Bo Smith',
        default_email: 'bo@two.example',
        default_telephone: '44 0113 496 0001',
        is_default: true,
      }),
    ]);
    const contactId = Number(created.body['id']);
    const read = async (): Promise<Row | undefined> => (await caller.list(path, { $expand: 'emails,telephones' }))[0];
    const emails = (await read())?.['emails'] as Row[];
    const changed = await caller.call('PUT', `${path}/${contactId}`, {
      last_name: 'Jones',
      emails: [
        { id: emails[0]?.['id'], email: 'bo@new.example' },
        { id: emails[1]?.['id'], is_to_delete: true },
        { email: 'bo@third.example' },
      ],
    });
    expect(changed.status).toBe(200);
    expect(await read()).toMatchObject({
      name: 'Bo Jones',
      emails: [{ email: 'bo@new.example' }, { email: 'bo@third.example' }],
      telephones: [{ subscriber_number: '496 0001' }],
    });
    const other = await caller.newCustomer();
    const across = await caller.call('PUT', `/customers/${other}/customer_contacts/${contactId}`, {
      last_name: 'Thief',
    });
    expect([across.status, (await read())?.['name']]).toEqual([404, 'Bo Jones']);
    expect((await caller.call('PUT', `/customer_contacts/${contactId}`, { first_name: 'Ben' })).body['name']).toBe(
      'Ben Jones',
    );
    expect((await caller.call('POST', '/customers/1/customer_contacts', { last_name: 'X' })).status).toBe(404);
    await refused(path, { last_name: 'L'.repeat(61) }, /last_name/);
    // every name of it is wrong or read-only, and still it is made: empty
    const hollow = await caller.call('POST', path, {
      name: 'Cy',
      telephone: '1',
      email_address: 'c@d.example',
      is_primary: true,
    });
    expect([hollow.status, hollow.body]).toEqual([200, expect.objectContaining({ name: '', is_default: false })]);
    expect(hollow.body).not.toHaveProperty('default_email');
  });

  test('nominal accounts are created once for each triple', async () => {
    const good = { reference: '4700', name: 'Cloud', report_category_id: 701, cost_centre_id: 502, department_id: 601 };
    const { status, body } = await caller.call('POST', '/nominal_codes', good);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        reference: '4700',
        cost_centre_code: 'MOB',
        department_code: 'NTH',
        nominal_account_type: 'NominalAccountTypePosting',
        account_status_type: 'AccountStatusActive',
      }),
    ]);
    await refused('/nominal_codes', good, /SageDuplicateKeyException.*4700\/MOB\/NTH/);
    await refused('/nominal_codes', { ...good, reference: undefined }, /'reference'/);
    await refused('/nominal_codes', { ...good, reference: ' ' }, /'reference'/);
    await refused('/nominal_codes', { ...good, reference: '470000000' }, /8/);
    await refused(
      '/nominal_codes',
      { ...good, department_id: 602, report_category_id: undefined },
      /report_category_id/,
    );
    await refused('/nominal_codes', { ...good, department_id: 602, report_category_id: 1 }, /report_category_id/);
    await refused('/nominal_codes', { ...good, cost_centre_id: 1 }, /cost_centre_id/);
    const line = { code: '4700', cost_centre: 'MOB', department: 'NTH' };
    const invoice = { customer_id: customerId, document_goods_value: 3, nominal_analysis_items: [line] };
    expect((await post('/sales_invoices', invoice)).nominalLines).toMatchObject([{ code: '4700', value: '3.00' }]);
    desktop('hideNominalCode', { nominalCodeId: body['id'] });
    await refused('/sales_invoices', invoice, /hidden/);
    desktop('unhideNominalCode', { nominalCodeId: body['id'] });
    await post('/sales_invoices', invoice);
    desktop('deleteNominalCode', { nominalCodeId: body['id'] });
    await refused('/sales_invoices', invoice, /not found/);
  });
});
