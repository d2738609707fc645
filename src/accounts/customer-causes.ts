import type { Company } from '../companies/company-directory.js';
import type { PushCause } from '../pushes/push-cause.js';

const ofThisPush = (code: string, message: string, remedy: string): PushCause => ({
  code,
  key: '',
  subject: null,
  message,
  remedy,
});

export const numberTaken = (accountNumber: string, company: Company) =>
  ofThisPush(
    'ACCOUNT_NUMBER_TAKEN',
    `Account number ${accountNumber} is in use in ${company.name}.`,
    'Send the customer with another account number, or without one; or link it to that account.',
  );

export const noNumberLeft = (name: string) =>
  ofThisPush(
    'ACCOUNT_NUMBER_TAKEN',
    `The account numbers made from "${name}" are in use in Sage.`,
    'Send the customer with an account number.',
  );

export const currencyNotInSage = (currency: string, company: Company) =>
  ofThisPush(
    'CURRENCY_NOT_IN_SAGE',
    `${company.name} has no currency ${currency} in Sage.`,
    'Add the currency in Sage, or send the customer with one that the company has.',
  );

export const currencyCannotChange = (accountNumber: string, has: string, wanted: string) =>
  ofThisPush(
    'CURRENCY_CANNOT_CHANGE',
    `Account ${accountNumber} is kept in ${has}; Sage cannot change it to ${wanted}.`,
    `Send the customer with ${has}, or without a currency.`,
  );

export const countryNotInSage = (code: string, company: Company) =>
  ofThisPush(
    'COUNTRY_NOT_IN_SAGE',
    `${company.name} has no country ${code} in Sage.`,
    'Add the country code in Sage, then retry; or send the customer without it.',
  );

export const accountGone = (accountNumber: string, company: Company) =>
  ofThisPush(
    'ACCOUNT_GONE',
    `Account ${accountNumber} is no longer in ${company.name}.`,
    'Unlink the customer from it, then retry: a new account is made.',
  );

export const companyInactive = (company: Company): PushCause => ({
  code: 'SAGE_COMPANY_INACTIVE',
  key: `SAGE_COMPANY:${company.id}`,
  subject: `Sage company ${company.name}`,
  message: `The sign-in to Sage no longer reaches ${company.name}.`,
  remedy: 'Give the signed-in Sage user access to the company again.',
});
