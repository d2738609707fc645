import type { PushCause } from '../pushes/push-cause.js';
import type { Company } from '../companies/company-directory.js';
import { DEFAULT_SUB_COMPANY, type MappingKind, mappingKey, type SubjectKind } from './mapping-kind.js';

/** The kinds of subject that are mapped company by company. */
export type CompanySubjectKind = Exclude<SubjectKind, 'SUB_COMPANY'>;

interface Wording {
  /** What The Layer calls it, e.g. "nominal code 4100". */
  subject: string;
  /** What it is mapped to in Sage. */
  target: string;
  mutation: string;
  missingCode: string;
  unusableCode: string;
}

const WORDING: Record<CompanySubjectKind, Wording> = {
  PAYMENT_METHOD: {
    subject: 'payment method',
    target: 'bank account',
    mutation: 'mapPaymentMethod',
    missingCode: 'PAYMENT_METHOD_NOT_MAPPED',
    unusableCode: 'BANK_ACCOUNT_UNUSABLE',
  },
  NOMINAL_CODE: {
    subject: 'nominal code',
    target: 'nominal account',
    mutation: 'mapNominalCode',
    missingCode: 'NOMINAL_CODE_NOT_MAPPED',
    unusableCode: 'NOMINAL_ACCOUNT_UNUSABLE',
  },
  VAT_CODE: {
    subject: 'VAT code',
    target: 'tax code',
    mutation: 'mapVatCode',
    missingCode: 'VAT_CODE_NOT_MAPPED',
    unusableCode: 'TAX_CODE_UNUSABLE',
  },
};

export const unusableCodeOf = (kind: CompanySubjectKind) => WORDING[kind].unusableCode;

/** A subject in words: "nominal code 4100", "sub-company NORTH", "the default sub-company". */
export function subjectWords(kind: MappingKind, layerId: string): string {
  if (kind === 'CUSTOMER_LINK') return `customer ${layerId}`;
  if (kind !== 'SUB_COMPANY') return `${WORDING[kind].subject} ${layerId}`;
  return layerId === DEFAULT_SUB_COMPANY ? 'the default sub-company' : `sub-company ${layerId}`;
}

export const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Nothing says to which Sage company the sub-company posts. */
export function subCompanyNotMapped(layerId: string): PushCause {
  const subject = subjectWords('SUB_COMPANY', layerId);
  const isDefault = layerId === DEFAULT_SUB_COMPANY;
  return {
    code: 'SUB_COMPANY_NOT_MAPPED',
    key: mappingKey('SUB_COMPANY', layerId, null),
    subject,
    message: isDefault
      ? 'No Sage company is known yet, so there is none to post to.'
      : `${capitalized(subject)} is not mapped to a Sage company.`,
    remedy: isDefault
      ? 'Connect Sage, and let the companies be read; what waits goes by itself then.'
      : 'Choose the Sage company that it posts to (mapSubCompany); what waits goes by itself then.',
  };
}

/** The sign-in to Sage no longer reaches the company. */
export function companyInactive(layerId: string, company: Company): PushCause {
  return {
    code: 'SAGE_COMPANY_INACTIVE',
    key: mappingKey('SUB_COMPANY', layerId, company.id),
    subject: `Sage company ${company.name}`,
    message: `${capitalized(subjectWords('SUB_COMPANY', layerId))} posts to ${company.name}, which the sign-in to Sage no longer reaches.`,
    remedy: `Give the signed-in Sage user access to ${company.name} again, or map the sub-company to another company.`,
  };
}

export function notMapped(kind: CompanySubjectKind, layerId: string, company: Company): PushCause {
  const { target, mutation, missingCode } = WORDING[kind];
  const subject = subjectWords(kind, layerId);
  const orPushed = kind === 'NOMINAL_CODE' ? ', or let the gateway create it there (pushNominalCode)' : '';
  return {
    code: missingCode,
    key: mappingKey(kind, layerId, company.id),
    subject: `${subject} in Sage company ${company.name}`,
    message: `${capitalized(subject)} is not mapped to a ${target} of ${company.name}.`,
    remedy: `Choose its ${target} in ${company.name} (${mutation})${orPushed}; what waits goes by itself then.`,
  };
}

/** Sage books a receipt or refund to a bank in the account's currency, or by its rate to one in the company's own; no other suits. */
export function bankOfOtherCurrency(
  layerId: string,
  company: Company,
  { bankCurrency, accountCurrency }: { bankCurrency: string; accountCurrency: string },
): PushCause {
  const subject = subjectWords('PAYMENT_METHOD', layerId);
  return {
    code: WORDING.PAYMENT_METHOD.unusableCode,
    key: mappingKey('PAYMENT_METHOD', layerId, company.id),
    subject: `${subject} in Sage company ${company.name}`,
    message: `${capitalized(subject)} is mapped to a bank account of ${company.name} in ${bankCurrency}, and the customer's account is in ${accountCurrency}.`,
    remedy: `Send it with a payment method that means a bank account in ${accountCurrency} or ${company.currency}, or map this one to such an account (mapPaymentMethod); what waits goes by itself then.`,
  };
}

/** `target` in words, e.g. "4000 Line rental"; `fault` as the end of a sentence, e.g. "is hidden in Sage, or gone". */
export function targetUnusable(
  kind: CompanySubjectKind,
  layerId: string,
  company: Company,
  { target, fault }: { target: string; fault: string },
): PushCause {
  const wording = WORDING[kind];
  const subject = subjectWords(kind, layerId);
  return {
    code: wording.unusableCode,
    key: mappingKey(kind, layerId, company.id),
    subject: `${subject} in Sage company ${company.name}`,
    message: `${capitalized(subject)} is mapped to ${wording.target} ${target} of ${company.name}, which ${fault}.`,
    remedy: `Put ${target} right in Sage, or choose another ${wording.target} for it (${wording.mutation}); what waits goes by itself then.`,
  };
}
