import type { SageBankAccountType, SageNominalAccountType, SageTaxCodeType } from '../companies/reference.type.js';

const GONE = 'is hidden in Sage, or gone';

/** Why a bank account takes no postings, as the end of a sentence; null when it does. The same of the other two. */
export function bankFault(bank: SageBankAccountType): string | null {
  return bank.isActive ? null : GONE;
}

export function nominalFault(account: SageNominalAccountType): string | null {
  if (!account.isActive) return GONE;
  return account.isPosting ? null : 'is a group or memo account and takes no postings';
}

export function taxCodeFault(taxCode: SageTaxCodeType): string | null {
  return taxCode.isActive ? null : 'is no longer listed by Sage';
}

/** In words, as a person finds it in Sage. */
export const bankWords = ({ code, name }: SageBankAccountType) => `${code} ${name}`.trim();
export const taxCodeWords = ({ code, name }: SageTaxCodeType) => `${code} ${name}`.trim();

type NominalAccountWords = Pick<SageNominalAccountType, 'reference' | 'costCentre' | 'department' | 'name'>;

export function nominalWords({ reference, costCentre, department, name }: NominalAccountWords): string {
  const triple = costCentre === '' && department === '' ? reference : `${reference}/${costCentre}/${department}`;
  return `${triple} ${name}`.trim();
}
