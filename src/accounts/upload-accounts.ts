import type { Company } from '../companies/company-directory.js';
import { foldText, MAX_WORD_LENGTH } from '../common/search-words.js';
import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { UploadRow } from './customer-links-csv.js';
import type { LinkableAccount } from './link-accounts.js';

export interface AccountWanted {
  row: UploadRow;
  company: Company;
}

/** The account that each row names, or why there is none and what to do; in the order of the rows. */
export async function findUploadAccounts(
  database: Queryable,
  instanceId: number,
  wanted: readonly AccountWanted[],
): Promise<(LinkableAccount | string)[]> {
  const byNumber = new Map<string, LinkableAccount[]>();
  const byId = new Map<string, LinkableAccount>();
  for (const companyId of new Set(wanted.map(({ company }) => company.id))) {
    const rows = wanted.filter(({ company }) => company.id === companyId).map(({ row }) => row);
    for (const account of await readByNumber(database, instanceId, companyId, rows)) {
      const key = numberKey(companyId, account.accountNumber);
      byNumber.set(key, [...(byNumber.get(key) ?? []), account]);
    }
    for (const account of await readById(database, instanceId, companyId, rows)) {
      byId.set(`${companyId}:${account.sageId}`, account);
    }
  }
  return wanted.map(({ row, company }) => {
    const account = row.sageCustomerId === '' ? null : (byId.get(`${company.id}:${idOf(row)}`) ?? null);
    return chooseAccount(row, company, byNumber.get(numberKey(company.id, row.accountNumber)) ?? [], account);
  });
}

/** Pure: of what was found by number and by id, the account that the row means. */
function chooseAccount(
  row: UploadRow,
  company: Company,
  numbered: readonly LinkableAccount[],
  identified: LinkableAccount | null,
): LinkableAccount | string {
  const { accountNumber, sageCustomerId } = row;
  if (accountNumber === '' && sageCustomerId === '') {
    return 'The account is missing. Fill in SageAccountNumber or SageCustomerId.';
  }
  if (sageCustomerId !== '') {
    if (idOf(row) === null) return `SageCustomerId "${sageCustomerId}" is no id of Sage. Write its digits alone.`;
    if (!identified) {
      return `"${company.name}" has no account with the SageCustomerId ${sageCustomerId}. Look the id up in Sage, or write SageAccountNumber in its place.`;
    }
    if (accountNumber === '') return identified;
    if (numberKey(company.id, identified.accountNumber) === numberKey(company.id, accountNumber)) return identified;
    return `SageCustomerId ${sageCustomerId} is account ${identified.accountNumber.trim()}, not ${accountNumber}. Put one of the two right, or leave it empty.`;
  }
  // Sage takes a number in any case; should two differ in nothing else, the one written just so is meant
  const exact = numbered.filter((account) => account.accountNumber.trim() === accountNumber);
  const [account] = exact.length === 1 ? exact : numbered;
  if (!account) {
    return `"${company.name}" has no account with the number ${accountNumber}. Look the number up in Sage; leading zeros count.`;
  }
  if (exact.length !== 1 && numbered.length > 1) {
    return `Several accounts of "${company.name}" have the number ${accountNumber}. Fill in SageCustomerId.`;
  }
  return account;
}

const ACCOUNT_COLUMNS = 'company_id AS companyId, sage_id AS sageId, account_number AS accountNumber, name';

/** Index: sage_account_by_folded_number. Folding drops accents too; the numbers are compared once more by numberKey. */
async function readByNumber(
  database: Queryable,
  instanceId: number,
  companyId: number,
  rows: readonly UploadRow[],
): Promise<LinkableAccount[]> {
  const numbers = new Set(rows.map(({ accountNumber }) => foldText(accountNumber).slice(0, MAX_WORD_LENGTH)));
  numbers.delete('');
  const accounts: LinkableAccount[] = [];
  for (const chunk of chunks([...numbers])) {
    const found = await database.query<LinkableAccount>(
      `SELECT ${ACCOUNT_COLUMNS} FROM sage_account WHERE instance_id = ?
          AND account_number_folded IN (${placeholders(chunk.length)}) AND company_id = ? AND deleted_at IS NULL`,
      [instanceId, ...chunk, companyId],
    );
    accounts.push(...found.map(decode));
  }
  return accounts;
}

/** By primary key. */
async function readById(
  database: Queryable,
  instanceId: number,
  companyId: number,
  rows: readonly UploadRow[],
): Promise<LinkableAccount[]> {
  const ids = new Set(rows.map(idOf).filter((id) => id !== null));
  const accounts: LinkableAccount[] = [];
  for (const chunk of chunks([...ids])) {
    const found = await database.query<LinkableAccount>(
      `SELECT ${ACCOUNT_COLUMNS} FROM sage_account
        WHERE instance_id = ? AND company_id = ? AND sage_id IN (${placeholders(chunk.length)}) AND deleted_at IS NULL`,
      [instanceId, companyId, ...chunk],
    );
    accounts.push(...found.map(decode));
  }
  return accounts;
}

function decode(row: LinkableAccount): LinkableAccount {
  return { ...row, companyId: Number(row.companyId), sageId: Number(row.sageId) };
}

/** Sage's record id, or null for what is none. */
function idOf({ sageCustomerId }: UploadRow): number | null {
  return /^\d{1,15}$/.test(sageCustomerId) ? Number(sageCustomerId) : null;
}

function numberKey(companyId: number, accountNumber: string): string {
  return `${companyId}:${accountNumber.normalize('NFC').trim().toLowerCase()}`;
}
