// VAT and nominal lines of a posting: who may be left out, what must add up (sage200.md §5.2).
import { Refusal } from '../ledger/refusal.js';
import { integer, money, text } from '../resources/field.js';
import { listOf, readValues, required, type Body, type Values } from './input.js';
import type { NominalLine, TaxLine } from './post-transaction.js';
import type { CustomerRow, PostingContext } from './posting-context.js';

const TAX_FIELDS = [
  integer('id'),
  ...['goods_amount', 'discount_amount', 'tax_amount', 'tax_discount_amount'].map((name) => money(name)),
];
const NOMINAL_FIELDS = [
  text('code', 8),
  text('cost_centre', 3),
  text('department', 3),
  text('narrative', 6000),
  money('value'),
  text('transaction_analysis_code', 20),
];

export interface Headline {
  readonly goods: number;
  readonly tax: number;
  readonly discount: number;
  readonly taxDiscount: number;
}

const amount = (values: Values, name: string, fallback: number): number => {
  const value = (values[name] ?? fallback) as number;
  if (value < 0) throw new Refusal(`The value of '${name}' must not be negative.`);
  return value;
};

export function readTaxLines(
  context: PostingContext,
  customer: CustomerRow,
  body: Body,
  headline: Headline,
): TaxLine[] {
  const items = listOf(body, 'tax_analysis_items').map((item) => readValues(TAX_FIELDS, item));
  if (items.length === 0) {
    const id = customer.default_tax_code_id;
    if (id === null)
      throw new Refusal(
        "SageNullFieldException: The customer has no default tax code; 'tax_analysis_items' is needed.",
      );
    return [{ id, goods: headline.goods, tax: headline.tax, taxDiscount: headline.taxDiscount }];
  }
  const lines = items.map((item) => {
    const id = required<number>(item, 'id');
    const [exists] = context.ledger.column('select 1 from tax_codes where company_id = ? and id = ?', [
      context.companyId,
      id,
    ]);
    if (!exists) throw new Refusal(`The tax code with id ${id} was not found.`);
    return {
      id,
      goods: amount(item, 'goods_amount', headline.goods),
      tax: amount(item, 'tax_amount', headline.tax),
      discount: amount(item, 'discount_amount', headline.discount),
      taxDiscount: amount(item, 'tax_discount_amount', headline.taxDiscount),
    };
  });
  for (const part of ['goods', 'tax', 'discount', 'taxDiscount'] as const) {
    if (lines.reduce((sum, line) => sum + line[part], 0) !== headline[part]) {
      throw new Refusal(`The tax analysis ${part} values do not add up to the headline value.`);
    }
  }
  return lines;
}

export function readNominalLines(
  context: PostingContext,
  customer: CustomerRow,
  body: Body,
  headline: { readonly goods: number; readonly narrative: string },
): NominalLine[] {
  const items = listOf(body, 'nominal_analysis_items').map((item) => readValues(NOMINAL_FIELDS, item));
  const wanted = items.length > 0 ? items : [{ code: customer.default_nominal_code_reference }];
  const lines = wanted.map((item) => {
    const code = required<string>(item, 'code');
    const line = {
      code,
      costCentre: (item['cost_centre'] ?? customer.default_nominal_code_cost_centre ?? '') as string,
      department: (item['department'] ?? customer.default_nominal_code_department ?? '') as string,
      narrative: (item['narrative'] ?? headline.narrative) as string,
      value: amount(item, 'value', headline.goods),
      analysisCode: (item['transaction_analysis_code'] ?? '') as string,
    };
    checkNominalLine(context, line);
    return line;
  });
  if (lines.reduce((sum, { value }) => sum + value, 0) !== headline.goods) {
    throw new Refusal('The nominal analysis values do not add up to the headline value of goods.');
  }
  return lines;
}

/** Bank charges and the like beside a receipt: checked, not added up. */
export function readCashNominalLines(context: PostingContext, body: Body, narrative: string): NominalLine[] {
  return listOf(body, 'nominal_analysis_items').map((item) => {
    const values = readValues(NOMINAL_FIELDS, item);
    const line = {
      code: required<string>(values, 'code'),
      costCentre: (values['cost_centre'] ?? '') as string,
      department: (values['department'] ?? '') as string,
      narrative: (values['narrative'] ?? narrative) as string,
      value: amount(values, 'value', 0),
      analysisCode: (values['transaction_analysis_code'] ?? '') as string,
    };
    checkNominalLine(context, line);
    return line;
  });
}

function checkNominalLine(
  context: PostingContext,
  line: { code: string; costCentre: string; department: string; analysisCode: string },
): void {
  const { ledger, companyId } = context;
  checkAnalysisCode(context, line.analysisCode);
  const row = ledger.row<{ status: number; account_type: number }>(
    'select status, account_type from nominal_codes where company_id = ? and reference = ? and cost_centre = ? and department = ?',
    companyId,
    line.code,
    line.costCentre,
    line.department,
  );
  const name = [line.code, line.costCentre, line.department].join('/');
  if (!row) throw new Refusal(`The nominal account ${name} was not found.`);
  if (row.status !== 0) throw new Refusal(`The nominal account ${name} is hidden.`);
  if (row.account_type !== 0) throw new Refusal(`The nominal account ${name} is not a posting account.`);
}

/** A line's analysis code needs the ledger's setting, and must be an active one. */
function checkAnalysisCode({ ledger, companyId }: PostingContext, code: string): void {
  if (code === '') return;
  const [settings = '{}'] = ledger.column<string>('select settings from companies where company_id = ?', [companyId]);
  const { allow_additional_trans_analysis: isAllowed } = JSON.parse(settings) as Record<string, unknown>;
  if (isAllowed !== true) throw new Refusal('The ledger settings do not allow transaction analysis codes.');
  const [found] = ledger.column('select 1 from analysis_codes where company_id = ? and code = ? and active = 1', [
    companyId,
    code,
  ]);
  if (!found) throw new Refusal(`The transaction analysis code '${code}' was not found.`);
}
