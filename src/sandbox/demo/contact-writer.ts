import type { Ledger } from '../ledger/ledger.js';
import { BulkInsert } from './bulk-insert.js';
import type { DemoAccount } from './demo-accounts.js';
import { FAMILY_NAMES, GIVEN_NAMES } from './names.js';
import type { Random } from './random.js';

/** The people of the accounts, with their addresses, telephones and roles. */
export class ContactWriter {
  private contactId = 40_001;
  private detailId = 60_001;
  private readonly contacts: BulkInsert;
  private readonly details: BulkInsert;
  private readonly roles: BulkInsert;

  constructor(
    ledger: Ledger,
    private readonly companyId: number,
    private readonly random: Random,
  ) {
    const stamps = ['date_time_created', 'date_time_updated'];
    this.contacts = new BulkInsert(ledger, 'contacts', [
      ...['company_id', 'id', 'customer_id', 'first_name', 'middle_name', 'last_name', 'is_default'],
      ...stamps,
    ]);
    this.details = new BulkInsert(ledger, 'contact_details', [
      ...[
        'company_id',
        'id',
        'contact_id',
        'kind',
        'value',
        'country_code',
        'area_code',
        'subscriber_number',
        'is_default',
      ],
      ...stamps,
    ]);
    this.roles = new BulkInsert(ledger, 'contact_roles', [
      ...['company_id', 'id', 'contact_id', 'trader_contact_role_id', 'is_preferred'],
      ...stamps,
    ]);
  }

  insertFor({ id, name }: DemoAccount, stamp: string): void {
    const { random } = this;
    const host = `${name
      .normalize('NFD')
      .replaceAll(/[^A-Za-z]/g, '')
      .toLowerCase()
      .slice(0, 30)}.example`;
    this.insert(id, random.pick(GIVEN_NAMES), random.pick(FAMILY_NAMES), `info@${host}`, true, stamp);
    // A contact without a first name, as bookkeepers key them.
    if (random.chance(0.35)) this.insert(id, '', 'Accounts', `accounts@${host}`, false, stamp);
  }

  private insert(
    customerId: number,
    first: string,
    last: string,
    email: string,
    isDefault: boolean,
    stamp: string,
  ): void {
    const contactId = this.contactId++;
    const { companyId, random } = this;
    this.contacts.add(companyId, contactId, customerId, first, '', last, isDefault ? 1 : 0, stamp, stamp);
    this.details.add(companyId, this.detailId++, contactId, 'email', email, null, null, null, 1, stamp, stamp);
    if (isDefault) {
      const number = `496 0${String(random.integer(0, 999)).padStart(3, '0')}`;
      this.details.add(
        companyId,
        this.detailId++,
        contactId,
        'telephone',
        `44 0114 ${number}`,
        '44',
        '0114',
        number,
        1,
        stamp,
        stamp,
      );
      this.roles.add(companyId, contactId, contactId, 1, 1, stamp, stamp);
    }
    if (random.chance(0.3)) {
      const number = `900${String(random.integer(0, 999)).padStart(3, '0')}`;
      this.details.add(
        companyId,
        this.detailId++,
        contactId,
        'mobile',
        `44 07700 ${number}`,
        '44',
        '07700',
        number,
        1,
        stamp,
        stamp,
      );
    }
  }

  flush(): void {
    this.contacts.flush();
    this.details.flush();
    this.roles.flush();
  }
}
