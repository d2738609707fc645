import { setImmediate } from 'node:timers/promises';
import type { UserError } from '../common/user-error.type.js';
import { readCompanies } from '../companies/company-directory.js';
import { layerIdFault } from '../customers/store-customer.js';
import { chunks } from '../database/bulk.js';
import type { Database } from '../database/database.js';
import { parseCustomerLinks, type UploadRow } from './customer-links-csv.js';
import { linkAccounts, type LinkedBy, type LinkOutcome, type LinkRequest } from './link-accounts.js';
import { type AccountWanted, findUploadAccounts } from './upload-accounts.js';
import { UploadCompanies } from './upload-companies.js';

export interface RejectedLink {
  row: number;
  message: string;
}

export interface ImportedLinks {
  /** Rows whose customer and account are linked now, by this upload or before it. */
  linked: number;
  /** By line. */
  rejected: RejectedLink[];
  userErrors: UserError[];
}

/** Links what the upload says, in batches, each a transaction of its own; what is wrong with a row costs that row alone. */
export async function importCustomerLinks(
  database: Database,
  instanceId: number,
  csv: string,
  by: LinkedBy,
): Promise<ImportedLinks> {
  const upload = await parseCustomerLinks(csv);
  if (upload.fault) return { linked: 0, rejected: [], userErrors: [upload.fault] };
  const companies = new UploadCompanies(await readCompanies(database, instanceId));
  const rejected: RejectedLink[] = [];
  const lineOf = new Map<string, number>();
  let linked = 0;
  for (const rows of chunks(upload.rows)) {
    const reject = ({ line }: UploadRow, message: string) => rejected.push({ row: line, message });
    const wanted = namedCompanies(rows, companies, reject);
    const accounts = await findUploadAccounts(database, instanceId, wanted);
    const good: { row: UploadRow; request: LinkRequest }[] = [];
    wanted.forEach(({ row }, index) => {
      const account = accounts[index];
      if (account === undefined || typeof account === 'string') return reject(row, account ?? 'Not found.');
      const key = JSON.stringify([row.customerId, account.companyId, account.sageId]);
      const firstLine = lineOf.get(key);
      if (firstLine !== undefined) return reject(row, `This row says the same as line ${firstLine}. Take it out.`);
      lineOf.set(key, row.line);
      good.push({ row, request: { layerId: row.customerId, account } });
    });
    const requests = good.map(({ request }) => request);
    const outcomes = requests.length === 0 ? [] : await linkAccounts(database, instanceId, requests, by);
    good.forEach(({ row, request }, index) => {
      const message = messageOf(outcomes[index] ?? { kind: 'LINKED' }, request);
      if (message === null) linked += 1;
      else reject(row, message);
    });
    // SQLite answers without leaving the event loop, which other requests wait for
    await setImmediate();
  }
  return { linked, rejected: rejected.toSorted((a, b) => a.row - b.row), userErrors: [] };
}

function namedCompanies(
  rows: readonly UploadRow[],
  companies: UploadCompanies,
  reject: (row: UploadRow, message: string) => void,
): AccountWanted[] {
  const wanted: AccountWanted[] = [];
  for (const row of rows) {
    const fault = rowFault(row);
    const company = fault ?? companies.find(row);
    if (typeof company === 'string') reject(row, company);
    else wanted.push({ row, company });
  }
  return wanted;
}

function rowFault({ customerId, surplus }: UploadRow): string | null {
  if (surplus > 0) {
    return `This row has ${surplus} ${surplus === 1 ? 'value' : 'values'} more than the header. Put a value with a comma in it in double quotes.`;
  }
  if (customerId === '') return "CustomerId is missing. Fill in The Layer's id of the customer.";
  const fault = layerIdFault(customerId);
  return fault === null ? null : `This CustomerId ${fault}. Write it as The Layer shows it.`;
}

function messageOf(outcome: LinkOutcome, { layerId, account }: LinkRequest): string | null {
  switch (outcome.kind) {
    case 'LINKED':
      return null;
    case 'ALREADY_LINKED':
      return `Account ${account.accountNumber} is linked to customer ${outcome.customerLayerId} already. Unlink it there first, or take this row out.`;
    case 'CUSTOMER_HAS_ACCOUNT':
      return `Customer ${layerId} has account ${outcome.accountNumber} in this company already. Unlink that one first, or take this row out.`;
  }
}
