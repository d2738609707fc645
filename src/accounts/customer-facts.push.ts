import type { ContactDocument } from '../customers/customer-document.js';
import type { StepFacts } from '../pushes/push-handler.js';
import type { CustomerBody } from '../sage/customer-record.js';
import type { ContactBody, EmailBody, TelephoneBody } from '../sage/customer-writer.js';

interface OfAccount {
  companyId: number;
  accountId: number;
}
interface OfContact extends OfAccount {
  contactLayerId: string;
  contactId: number;
}

/** What each step of a customer's push is: all that is needed to send it, and to find what it has left in Sage. */
export type CustomerFacts =
  | { step: 'CREATE'; companyId: number; accountNumber: string; name: string; currency: string }
  | ({ step: 'UPDATE'; body: CustomerBody } & OfAccount)
  /** `taken`: contacts of the account that are others', so that two of one name are not taken for one. */
  | ({ step: 'CONTACT'; contact: ContactDocument; taken: number[] } & OfAccount)
  | ({ step: 'NAME'; body: Pick<ContactBody, 'first_name' | 'last_name'> } & OfContact)
  /** `detailId`: of the e-mail or telephone to be changed; null adds one. */
  | ({ step: 'EMAIL'; detailId: number | null; value: string; body: EmailBody } & OfContact)
  | ({ step: 'TELEPHONE'; detailId: number | null; value: string; body: TelephoneBody } & OfContact);

export const factsOf = (facts: StepFacts) => facts as unknown as CustomerFacts;
export const asFacts = (facts: CustomerFacts) => facts as unknown as StepFacts;

/** Under what the step is remembered as done. */
export function stepKey(facts: CustomerFacts): string {
  switch (facts.step) {
    case 'CREATE':
    case 'UPDATE':
      return facts.step;
    case 'CONTACT':
      return `CONTACT:${facts.contact.layerId}`;
    case 'NAME':
    case 'EMAIL':
    case 'TELEPHONE':
      return `${facts.step}:${facts.contactLayerId}`;
  }
}

/** As the history names it, at most 40 characters. */
export function stepName(facts: CustomerFacts): string {
  switch (facts.step) {
    case 'CREATE':
    case 'UPDATE':
      return facts.step;
    case 'CONTACT':
      return shown('CONTACT', facts.contact.layerId);
    case 'NAME':
    case 'EMAIL':
    case 'TELEPHONE':
      return shown('CONTACT_UPDATE', facts.contactLayerId);
  }
}

const shown = (kind: string, contactLayerId: string) =>
  Array.from(`${kind}:${contactLayerId === '' ? 'Accounts' : contactLayerId}`)
    .slice(0, 40)
    .join('');
