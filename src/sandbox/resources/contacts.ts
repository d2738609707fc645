// Contacts of a customer, and their e-mails, telephones, mobiles, faxes and websites (one table, told apart by kind).
import { boolean, instant, integer, text, type Field } from './field.js';
import type { Expand, Resource } from './resource.js';

const stamps = [instant('date_time_created'), instant('date_time_updated')];

export type DetailKind = 'email' | 'telephone' | 'mobile' | 'fax' | 'website';
export const DETAIL_KINDS: readonly DetailKind[] = ['email', 'telephone', 'mobile', 'fax', 'website'];
export const detailPlural = (kind: DetailKind): string => (kind === 'fax' ? 'faxes' : `${kind}s`);

const valueFields: Readonly<Record<DetailKind, readonly Field[]>> = {
  email: [text('email', 227, '~.value')],
  website: [text('website', 227, '~.value')],
  telephone: numberFields(),
  mobile: numberFields(),
  fax: numberFields(),
};

function numberFields(): Field[] {
  return [
    text('full_number', 227, '~.value'),
    text('country_code', 5),
    text('area_code', 20),
    text('subscriber_number', 200),
  ];
}

const makeDetail = (kind: DetailKind): Resource => ({
  name: `customer_${detailPlural(kind)}`,
  from: 'contact_details ~',
  fields: [
    integer('id'),
    ...valueFields[kind],
    integer('customer_contact_id', '~.contact_id'),
    boolean('is_default'),
    ...stamps,
  ],
  where: `~.kind = '${kind}'`,
  orderBy: '~.id',
});

export const contactDetails: Readonly<Record<DetailKind, Resource>> = {
  email: makeDetail('email'),
  telephone: makeDetail('telephone'),
  mobile: makeDetail('mobile'),
  fax: makeDetail('fax'),
  website: makeDetail('website'),
};

export const contactRoles: Resource = {
  name: 'customer_contact_roles',
  from: 'contact_roles ~',
  fields: [
    integer('id'),
    integer('customer_contact_id', '~.contact_id'),
    integer('trader_contact_role_id'),
    boolean('is_preferred_contact_for_role', '~.is_preferred'),
    ...stamps,
  ],
  orderBy: '~.id',
};

/** SQL of a contact's default e-mail or telephone. */
export const defaultDetail = (kind: DetailKind, company: string, contact: string): string =>
  `(select d.value from contact_details d where d.company_id = ${company} and d.contact_id = ${contact} and d.kind = '${kind}' order by d.is_default desc, d.id limit 1)`;

export const CONTACT_NAME =
  "rtrim(coalesce(nullif(~.first_name, '') || ' ', '') || coalesce(nullif(~.middle_name, '') || ' ', '') || coalesce(~.last_name, ''))";

const byContact = '^.company_id = ~.company_id and ^.contact_id = ~.id';

export const contacts: Resource = {
  name: 'customer_contacts',
  from: 'contacts ~',
  fields: [
    integer('id'),
    integer('customer_id'),
    integer('salutation_id'),
    text('name', 180, CONTACT_NAME),
    text('first_name', 60),
    text('middle_name', 60),
    text('last_name', 60),
    text('default_telephone', 227, defaultDetail('telephone', '~.company_id', '~.id')),
    text('default_email', 227, defaultDetail('email', '~.company_id', '~.id')),
    boolean('is_default'),
    ...stamps,
  ],
  expands: [
    ...DETAIL_KINDS.map((kind): Expand => ({
      name: detailPlural(kind),
      isMany: true,
      resource: () => contactDetails[kind],
      on: byContact,
    })),
    { name: 'roles', isMany: true, resource: () => contactRoles, on: byContact },
  ],
  late: { table: 'contacts', idSql: '~.id' },
  orderBy: '~.id',
};
