import type { Clock } from '../common/clock.js';
import type { Company, CompanyDirectory } from '../companies/company-directory.js';
import { currencyCodes } from '../companies/currency-codes.js';
import { type CustomerDocument, parseCustomerDocument } from '../customers/customer-document.js';
import { refreshSyncStatus } from '../customers/refresh-sync-status.js';
import type { Database, Transaction } from '../database/database.js';
import type { PushCause } from '../pushes/push-cause.js';
import type { NextMove, PushHandler, PushStep, Sighting, StepFacts } from '../pushes/push-handler.js';
import type { PushRow } from '../pushes/push-rows.js';
import { countryIdOf } from '../sage/country-codes.js';
import { listContacts } from '../sage/customer-contacts.js';
import { differenceFrom, readCustomerRecord } from '../sage/customer-record.js';
import type { NewCustomerBody } from '../sage/customer-writer.js';
import type { SageClients } from '../sage/sage-clients.js';
import { accountOfCustomer, type CustomerAccount } from './account-of-customer.js';
import { readContactLinks, rememberDetail, storeContactLink } from './contact-links.js';
import { contactBody, customerBody } from './customer-bodies.push.js';
import * as causes from './customer-causes.js';
import { planContacts } from './customer-contacts.push.js';
import { type Customer, CustomerNumbers } from './customer-numbers.push.js';
import { asFacts, type CustomerFacts, factsOf, stepKey, stepName } from './customer-facts.push.js';
import { forgetSteps, readSteps, rememberStep } from './customer-push-steps.js';
import { accountWithNumber, isStepThere, type SagePlace, sendStep } from './customer-steps.push.js';
import { placeOfCustomer } from './enqueue-customer.js';
import { linkInTransaction } from './link-accounts.js';
import { storeNewAccount } from './store-new-account.js';
import { wantedContacts } from './wanted-contacts.js';

/** So long an account that was just made may hide. */
const MAX_HIDING_MS = 3_600_000;

/**
 * Customers on their way to Sage: an account is made, or brought up to date with what differs. What comes next is told by comparing
 * what is stated with what Sage has now, so a push may stop anywhere and go on.
 */
export class CustomerPush implements PushHandler {
  readonly kind = 'CUSTOMER' as const;
  private readonly numbers: CustomerNumbers;

  constructor(
    private readonly sage: SageClients,
    private readonly companies: CompanyDirectory,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.numbers = new CustomerNumbers(database, clock);
  }

  async next(push: PushRow, signal: AbortSignal): Promise<NextMove> {
    const document = parseCustomerDocument(push.payload);
    const target = await this.target(push, document);
    if ('held' in target) return { kind: 'HELD', cause: target.held };
    const { company } = target;
    const customer = { push, document, company, place: this.placeIn(push.instanceId, company), signal };
    const countryId = await this.countryId(customer);
    if (countryId === undefined) return failed(causes.countryNotInSage(document.address?.countryCode ?? '', company));
    const account = await accountOfCustomer(this.database, push.instanceId, document.layerId, company.id);
    return account ? this.update(customer, account, countryId) : this.create(customer, countryId);
  }

  async lookUp(push: PushRow, _stepName: string, stepFacts: StepFacts, signal: AbortSignal): Promise<Sighting[]> {
    const facts = factsOf(stepFacts);
    const company = await this.companies.company(push.instanceId, facts.companyId);
    const place = this.placeIn(push.instanceId, company);
    if (facts.step !== 'CREATE') return (await isStepThere(place, facts, signal)) ? [{ sageId: facts.accountId }] : [];
    const found = await accountWithNumber(place, facts, signal);
    if (!found) return [];
    if (await this.numbers.isOwn(push, company, found)) return [{ sageId: found.id }];
    return [{ sageId: found.id, fault: causes.numberTaken(facts.accountNumber, company) }];
  }

  async settle(
    transaction: Transaction,
    push: PushRow,
    _stepName: string,
    sighting: Sighting,
    stepFacts: StepFacts,
  ): Promise<void> {
    const facts = factsOf(stepFacts);
    const { instanceId, layerId } = push;
    if (facts.step === 'CREATE') {
      if (typeof sighting.sageId !== 'number') throw new Error('A new account has no id.');
      await this.settleAccount(transaction, push, { ...facts, sageId: sighting.sageId });
      return;
    }
    await rememberStep(transaction, push, stepKey(facts));
    const of = { instanceId, companyId: facts.companyId, customerLayerId: layerId };
    if (facts.step === 'EMAIL') await rememberDetail(transaction, of, facts.contactLayerId, { email: facts.value });
    if (facts.step === 'TELEPHONE')
      await rememberDetail(transaction, of, facts.contactLayerId, { telephone: facts.value });
  }

  async changed(transaction: Transaction, push: PushRow): Promise<void> {
    if (push.status === 'SUCCEEDED' || push.status === 'SKIPPED') await forgetSteps(transaction, push);
    await refreshSyncStatus(transaction, push.instanceId, push.layerId, this.clock.now());
  }

  /** Where it goes. Once the account stands there, a mapping that was changed since leads nowhere else. */
  private async target(push: PushRow, document: CustomerDocument): Promise<{ company: Company } | { held: PushCause }> {
    const { instanceId, layerId, companyId } = push;
    const hasBegun =
      push.sentAt !== null &&
      companyId !== null &&
      (await accountOfCustomer(this.database, instanceId, layerId, companyId)) !== null;
    const fixedId = document.companyId ?? (hasBegun ? companyId : null);
    if (fixedId !== null) {
      const company = await this.companies.company(instanceId, fixedId);
      return company.isActive ? { company } : { held: causes.companyInactive(company) };
    }
    const { company, held } = await placeOfCustomer(this.database, instanceId, document.subCompanyLayerId);
    if (held) return { held };
    if (!company) throw new Error('A customer is neither held nor has a company to go to.');
    return { company };
  }

  private async update(customer: Customer, account: CustomerAccount, countryId: number | null): Promise<NextMove> {
    const { push, document, company, place, signal } = customer;
    if (document.currency !== null && document.currency !== account.currency)
      return failed(causes.currencyCannotChange(account.accountNumber, account.currency, document.currency));
    const record = await readCustomerRecord(place.client, place.company, account.sageId, signal);
    if (!record) {
      // a new account may show late (sage200.md §8): one that this push has just made is waited for
      if (push.sentAt !== null && this.clock.now().getTime() - push.sentAt < MAX_HIDING_MS)
        return {
          kind: 'LATER',
          code: 'NOT_VISIBLE_YET',
          message: `Sage does not show the account ${account.accountNumber} yet.`,
        };
      return failed(causes.accountGone(account.accountNumber, company));
    }
    const done = await readSteps(this.database, push);
    const body = differenceFrom(record, customerBody(document, countryId));
    if (Object.keys(body).length > 0 && !done.has('UPDATE')) {
      const facts = { step: 'UPDATE' as const, companyId: company.id, accountId: account.sageId, body };
      return this.step(customer, facts, { reference: record.reference, name: record.name, ...body });
    }
    return this.updateContacts(customer, account, done);
  }

  private async updateContacts(
    customer: Customer,
    account: CustomerAccount,
    done: ReadonlySet<string>,
  ): Promise<NextMove> {
    const { push, document, company, place, signal } = customer;
    if (document.contacts === null && document.email === null) return { kind: 'DONE' };
    const of = { instanceId: push.instanceId, companyId: company.id, customerLayerId: document.layerId };
    const { found, next } = planContacts({
      companyId: company.id,
      accountId: account.sageId,
      document,
      records: await listContacts(place.client, place.company, account.sageId, signal),
      links: await readContactLinks(this.database, of),
      done,
    });
    if (found.length > 0) {
      await this.database.transaction(async (transaction) => {
        for (const link of found) await storeContactLink(transaction, of, link);
      });
    }
    return next ? this.step(customer, next) : { kind: 'DONE' };
  }

  private async create(customer: Customer, countryId: number | null): Promise<NextMove> {
    const { document, company } = customer;
    const currency = document.currency ?? company.currency;
    const currencyId = document.currency === null ? null : await this.currencyId(customer, document.currency);
    if (currencyId === undefined) return failed(causes.currencyNotInSage(currency, company));
    const number = await this.numbers.free(customer);
    if ('fault' in number) return failed(number.fault);
    const { accountNumber } = number;
    const contacts = wantedContacts(document, []).map(contactBody);
    const body: NewCustomerBody = {
      reference: accountNumber,
      ...customerBody(document, countryId),
      name: document.name,
      ...(currencyId !== null && { currency_id: currencyId }),
      ...(contacts.length > 0 && { contacts }),
    };
    const facts = { step: 'CREATE' as const, companyId: company.id, accountNumber, name: document.name, currency };
    const move = this.step(customer, facts, body);
    return number.ownId === null ? move : { kind: 'FOUND', step: move.step, found: [{ sageId: number.ownId }] };
  }

  private step(
    customer: Customer,
    facts: CustomerFacts,
    body: NewCustomerBody | null = null,
  ): { kind: 'STEP'; step: PushStep } {
    const accountIds = facts.step === 'CREATE' ? [] : [facts.accountId];
    const step: PushStep = {
      name: stepName(facts),
      companyId: facts.companyId,
      facts: asFacts(facts),
      // nothing of a customer is posted: changed content may always take the place of what has not got there
      marks: null,
      isLast: false,
      // what comes next was told by what Sage has: the look is done
      lookFirst: 'DONE',
      send: async (beforeSend, signal) => {
        const sageId = await sendStep({ ...customer.place, beforeSend, signal }, facts, body);
        if (facts.step === 'CREATE') accountIds.push(sageId);
        return { sageId };
      },
      touches: { accountIds, urns: [] },
    };
    if (facts.step === 'CREATE') step.diagnose = (signal) => this.diagnose({ ...customer, signal }, facts);
    return { kind: 'STEP', step };
  }

  /** A number that somebody took between the look and the post is the one refusal that can be told from others. */
  private async diagnose(
    { push, company, place, signal }: Customer,
    facts: CustomerFacts & { step: 'CREATE' },
  ): Promise<{ cause: PushCause; isHold: boolean } | null> {
    const found = await accountWithNumber(place, facts, signal);
    if (!found || (await this.numbers.isOwn(push, company, found))) return null;
    return { cause: causes.numberTaken(facts.accountNumber, company), isHold: false };
  }

  private async settleAccount(
    transaction: Transaction,
    { instanceId, layerId }: PushRow,
    account: { companyId: number; sageId: number; accountNumber: string; name: string; currency: string },
  ): Promise<void> {
    const now = this.clock.now();
    await storeNewAccount(transaction, instanceId, account, now);
    // should a person have linked the customer to another account meanwhile, that link stands
    await linkInTransaction(transaction, instanceId, [{ layerId, account }], { subject: 'gateway', clock: this.clock });
  }

  /** Null: no country is stated. Undefined: Sage has no such country. */
  private async countryId({ document, place, signal }: Customer): Promise<number | null | undefined> {
    const code = document.address?.countryCode ?? null;
    if (code === null) return null;
    return (await countryIdOf(place.client, place.company, code, signal)) ?? undefined;
  }

  /** Undefined: the company has no such currency. */
  private async currencyId({ push, company }: Customer, currency: string): Promise<number | undefined> {
    const codes = await currencyCodes(this.database, { instanceId: push.instanceId, companyId: company.id });
    return [...codes]
      .filter(([, code]) => code === currency)
      .map(([id]) => id)
      .sort((a, b) => a - b)[0];
  }

  private placeIn(instanceId: number, { siteId, sageCompanyId }: Company): SagePlace {
    return { client: this.sage.client(instanceId), company: { siteId, companyId: sageCompanyId } };
  }
}

const failed = (cause: PushCause): NextMove => ({ kind: 'FAILED', cause });
