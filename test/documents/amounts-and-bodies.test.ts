import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { draftHash, type DocumentDraft, NOTHING_RETURNED } from '../../src/documents/document-draft.js';
import { draftAmounts } from '../../src/documents/draft-amounts.js';
import { bodyText, cashBody, documentBody } from '../../src/documents/invoice-body.js';
import { paidOfLines } from '../../src/documents/line-payments.js';
import { sageOpenApi } from '../support/openapi.js';

const draft = (lines: { net: string; vat: string; vatCode?: string }[], more: Partial<DocumentDraft> = {}) => ({
  kind: 'INVOICE' as const,
  layerId: 'A',
  reference: 'INV-1',
  customerLayerId: 'C1',
  subCompanyLayerId: null,
  paymentMethodLayerId: null,
  datedOn: '2026-11-01',
  dueOn: '2026-12-01',
  currency: null,
  amount: null,
  lines: lines.map(({ net, vat, vatCode = 'S' }, index) => {
    return { layerId: `L${index}`, description: `Line ${index}`, nominalCode: '4000', vatCode, net, vat };
  }),
  shares: [],
  returns: NOTHING_RETURNED,
  ...more,
});

const faultsOf = (net: string, vat: string, rate = '20.00', currency = 'GBP') =>
  draftAmounts(draft([{ net, vat }]), currency, new Map([['S', rate]])).faults.map(({ code, field }) => [
    code,
    field?.join('.'),
  ]);

test.each([
  ['100.00', '20.00', '20', []],
  // one penny of rounding either way, whoever rounded how
  ['33.33', '6.66', '20', []],
  ['33.33', '6.67', '20.00', []],
  ['33.33', '6.65', '20', [['VAT_DOES_NOT_ADD_UP', 'lines.0.vat']]],
  ['100.00', '20.01', '20', []],
  ['100.00', '20.02', '20', [['VAT_DOES_NOT_ADD_UP', 'lines.0.vat']]],
  ['100.00', '17.50', '17.5', []],
  ['100.00', '-20.00', '20', [['VAT_DOES_NOT_ADD_UP', 'lines.0.vat']]],
  ['0.00', '0.01', '0', [['VAT_DOES_NOT_ADD_UP', 'lines.0.vat']]],
  ['0.01', '0.00', '20', []],
  ['1.234', '0.25', '20', [['TOO_MANY_DECIMALS', 'lines.0.net']]],
  ['1.2300', '0.25', '20', []],
  ['-10.00', '-2.00', '20', [['AMOUNT_NOT_POSITIVE', 'lines.0.net']]],
  ['0.00', '0.00', '20', [['AMOUNT_NOT_POSITIVE', 'lines']]],
  ['99999999999999999', '0.00', '0', [['AMOUNT_TOO_LARGE', 'lines.0.net']]],
])('net %s, VAT %s at %s %% gives %j', (net, vat, rate, faults) => {
  expect(faultsOf(net, vat, rate)).toEqual(faults);
});

test('amounts have the digits of their currency', () => {
  expect(faultsOf('100', '20', '20', 'JPY')).toEqual([]);
  expect(faultsOf('100.5', '20', '20', 'JPY')).toEqual([['TOO_MANY_DECIMALS', 'lines.0.net']]);
  expect(faultsOf('1.005', '0.201', '20', 'KWD')).toEqual([]);
});

test('what was once sent is known again, however its decimals and its absent fields were written', () => {
  const one = draft([{ net: '100.00', vat: '20.0' }]);
  expect(draftHash(draft([{ net: '0100', vat: '20.000' }]))).toBe(draftHash(one));
  expect(draftHash(draft([{ net: '-0.0', vat: '0' }]))).toBe(draftHash(draft([{ net: '0', vat: '-0' }])));
  for (const other of [
    draft([{ net: '100.01', vat: '20.0' }]),
    draft([{ net: '100.00', vat: '20.0', vatCode: 'R' }]),
    draft([{ net: '100.00', vat: '20.0' }], { dueOn: null }),
    draft([{ net: '100.00', vat: '20.0' }], { reference: 'INV-2' }),
  ]) {
    expect(draftHash(other)).not.toBe(draftHash(one));
  }
});

const triple = (reference: string) => ({ reference, costCentre: '', department: '' });
const MAPPINGS = {
  nominals: new Map([
    ['4000', triple('4000')],
    ['4010', triple('4010')],
    ['4011', triple('4010')],
  ]),
  taxCodes: new Map([
    ['S', { sageId: 1728, ratePercent: '20.00' }],
    ['S2', { sageId: 1728, ratePercent: '20.00' }],
    ['Z', { sageId: 1729, ratePercent: '0.00' }],
  ]),
  bank: { sageId: 17, currency: 'GBP' },
};

const bodyOf = (lines: { net: bigint; vat: bigint; nominalCode?: string; vatCode?: string }[], more = {}) => {
  const posted = lines.map(({ net, vat, nominalCode = '4000', vatCode = 'S' }, index) => {
    return { description: `Line ${index}`, nominalCode, vatCode, netMinor: net, vatMinor: vat };
  });
  const netMinor = posted.reduce((sum, line) => sum + line.netMinor, 0n);
  const vatMinor = posted.reduce((sum, line) => sum + line.vatMinor, 0n);
  const amounts = { netMinor, vatMinor, grossMinor: netMinor + vatMinor, currency: 'GBP', paymentMethodLayerId: null };
  return {
    kind: 'INVOICE',
    reference: 'INV-1',
    datedOn: '2026-11-01',
    dueOn: '2026-12-01',
    lines: posted,
    ...amounts,
    ...more,
  };
};

test('the body of an invoice is exact to the digit, grouped by tax code, a line for each line', () => {
  const document = bodyOf([
    { net: 10_050n, vat: 2_010n },
    { net: 5_000n, vat: 1_000n, nominalCode: '4010', vatCode: 'S2' },
    { net: 30n, vat: 0n, vatCode: 'Z' },
  ]);
  const text = bodyText(documentBody(document, MAPPINGS, 27_006, 'LGREFERENCE'));
  expect(text).toBe(
    '{"customer_id":27006,"transaction_date":"2026-11-01T00:00:00Z","due_date":"2026-12-01T00:00:00Z","reference":"INV-1",' +
      '"second_reference":"LGREFERENCE","document_goods_value":150.80,"document_tax_value":30.10,' +
      '"tax_analysis_items":[{"id":1728,"goods_amount":150.50,"tax_amount":30.10},{"id":1729,"goods_amount":0.30,"tax_amount":0.00}],' +
      '"nominal_analysis_items":[' +
      '{"code":"4000","cost_centre":"","department":"","narrative":"Line 0","value":100.50},' +
      '{"code":"4010","cost_centre":"","department":"","narrative":"Line 1","value":50.00},' +
      '{"code":"4000","cost_centre":"","department":"","narrative":"Line 2","value":0.30}]}',
  );
});

test('a discount is set off against the lines of its nominal account', () => {
  const document = bodyOf([
    { net: 10_000n, vat: 2_000n },
    { net: 5_000n, vat: 1_000n, nominalCode: '4010' },
    { net: -1_000n, vat: -200n },
  ]);
  const body = JSON.parse(bodyText(documentBody(document, MAPPINGS, 1, 'LG')));
  expect(body.nominal_analysis_items).toEqual([
    { code: '4000', cost_centre: '', department: '', narrative: 'Line 0; Line 2', value: 90 },
    { code: '4010', cost_centre: '', department: '', narrative: 'Line 1', value: 50 },
  ]);
  expect(body.tax_analysis_items).toEqual([{ id: 1728, goods_amount: 140, tax_amount: 28 }]);
});

const minor = fc.bigInt({ min: -50_000n, max: 10_000_000n });
const anyLine = fc.record({
  net: minor,
  vat: minor,
  nominalCode: fc.constantFrom('4000', '4010', '4011'),
  vatCode: fc.constantFrom('S', 'S2', 'Z'),
});
const minorOf = (text: unknown) => BigInt(String(text).replace('.', ''));

test('whatever the lines, tax and nominal lines add up to the headline, and Sage knows every field', () => {
  const openApi = sageOpenApi();
  fc.assert(
    fc.property(
      fc.array(anyLine, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(null, '2026-12-01'),
      (lines, dueOn) => {
        const document = bodyOf(lines, { dueOn });
        // amounts as the text that goes out
        // oxlint-disable-next-line typescript/no-explicit-any
        const body = documentBody(document, MAPPINGS, 27_006, 'LG0123456789ABCDEF01') as any;
        const sum = (items: Record<string, unknown>[], name: string) =>
          items.reduce((total, item) => total + minorOf(item[name]), 0n);
        expect(minorOf(body.document_goods_value)).toBe(document.netMinor);
        expect(minorOf(body.document_tax_value)).toBe(document.vatMinor);
        expect(sum(body.tax_analysis_items, 'goods_amount')).toBe(document.netMinor);
        expect(sum(body.tax_analysis_items, 'tax_amount')).toBe(document.vatMinor);
        expect(sum(body.nominal_analysis_items, 'value')).toBe(document.netMinor);
        const ids = body.tax_analysis_items.map(({ id }: { id: number }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const sent = JSON.parse(bodyText(body));
        expect(openApi?.faultsOfRequest('POST', '/sales_invoices', sent) ?? []).toEqual([]);
        const { due_date: _due, ...creditNote } = sent;
        expect(openApi?.faultsOfRequest('POST', '/sales_credit_notes', creditNote) ?? []).toEqual([]);
      },
    ),
    { numRuns: 50 },
  );
});

test('the body of a payment and a refund', () => {
  const payment = { ...bodyOf([]), dueOn: null, grossMinor: 12_050n, paymentMethodLayerId: 'BACS' };
  const text = bodyText(cashBody(payment, MAPPINGS, 27_006, 'LGREFERENCE'));
  expect(text).toBe(
    '{"customer_id":27006,"bank_id":17,"cheque_value":120.50,"transaction_date":"2026-11-01T00:00:00Z","reference":"INV-1","second_reference":"LGREFERENCE"}',
  );
  for (const path of ['/sales_receipts', '/sales_payments'])
    expect(sageOpenApi()?.faultsOfRequest('POST', path, JSON.parse(text)) ?? []).toEqual([]);
  expect(bodyText(cashBody({ ...payment, reference: null }, MAPPINGS, 1, 'LG'))).not.toContain('"reference"');
  expect(() => cashBody(payment, { bank: null }, 1, 'LG')).toThrow('no bank account');
});

const lines = (...worth: bigint[]) =>
  worth.map((netMinor, index) => ({ layerId: `L${index}`, netMinor, vatMinor: 0n }));
const share = (amountMinor: bigint, lineLayerId: string | null = null) => ({ amountMinor, lineLayerId });

test('a payment goes to the line that it names, the rest to the oldest unpaid lines in order', () => {
  expect(paidOfLines(lines(100n, 50n, 30n), [])).toEqual([0n, 0n, 0n]);
  expect(paidOfLines(lines(100n, 50n, 30n), [share(120n)])).toEqual([100n, 20n, 0n]);
  expect(paidOfLines(lines(100n, 50n, 30n), [share(120n), share(50n, 'L1')])).toEqual([100n, 50n, 20n]);
  expect(paidOfLines(lines(100n, 50n, 30n), [share(60n, 'L1')])).toEqual([10n, 50n, 0n]);
  expect(paidOfLines(lines(100n, -20n, 30n), [share(110n)])).toEqual([100n, 0n, 10n]);
  expect(paidOfLines(lines(100n), [share(40n, 'gone')])).toEqual([40n]);
});

test('no line is paid more than it is worth, and all that is paid stands on lines', () => {
  const positive = fc.bigInt({ min: 1n, max: 1_000n });
  fc.assert(
    fc.property(
      fc.array(positive, { minLength: 1, maxLength: 8 }),
      fc.array(fc.tuple(positive, fc.integer({ min: -1, max: 8 })), { maxLength: 8 }),
      (worth, wanted) => {
        const total = worth.reduce((sum, one) => sum + one, 0n);
        let left = total;
        const shares = wanted.flatMap(([amount, index]) => {
          const taken = amount < left ? amount : left;
          left -= taken;
          return taken === 0n ? [] : [share(taken, index < 0 ? null : `L${index}`)];
        });
        const paid = paidOfLines(lines(...worth), shares);
        expect(paid.every((one, index) => one >= 0n && one <= (worth[index] ?? 0n))).toBe(true);
        expect(paid.reduce((sum, one) => sum + one, 0n)).toBe(total - left);
      },
    ),
  );
});
