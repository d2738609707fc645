import { Field, InputType } from 'type-graphql';
import { CurrencyCodeScalar } from '../common/scalars.js';

@InputType({ description: 'A contact of a customer. It needs a name or an e-mail.' })
export class ContactInput {
  @Field(() => String)
  layerId!: string;

  @Field(() => String, { nullable: true, description: 'At most 60 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 60 characters.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 227 characters.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'E.g. +44 20 7946 0000.' })
  telephone?: string | null;
}

@InputType({ description: 'Lines, city and county have at most 60 characters, the postcode 10.' })
export class AddressInput {
  @Field(() => String, { nullable: true })
  line1?: string | null;

  @Field(() => String, { nullable: true })
  line2?: string | null;

  @Field(() => String, { nullable: true })
  line3?: string | null;

  @Field(() => String, { nullable: true })
  line4?: string | null;

  @Field(() => String, { nullable: true })
  city?: string | null;

  @Field(() => String, { nullable: true })
  county?: string | null;

  @Field(() => String, { nullable: true })
  postcode?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2.' })
  countryCode?: string | null;
}

@InputType({
  description:
    'A customer as The Layer has it. What is left out or null stays in Sage as it is; contacts that are left out stay too.',
})
export class CustomerInput {
  @Field(() => String, { description: "The Layer's CustomerId." })
  layerId!: string;

  @Field(() => String, { description: 'At most 60 characters, as Sage holds it.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'In Sage it stands with a contact: one that has it already, or one named "Accounts".',
  })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 200 characters.' })
  website?: string | null;

  @Field(() => String, { nullable: true, description: 'E.g. +44 20 7946 0000.' })
  telephone?: string | null;

  @Field(() => String, { nullable: true, description: 'E.g. +44 20 7946 0000.' })
  fax?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 30 characters.' })
  vatNumber?: string | null;

  @Field(() => AddressInput, { nullable: true })
  address?: AddressInput | null;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description: "The currency of a new account; the Sage company's own when left out. It cannot be changed later.",
  })
  currency?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The account number to give it in Sage, at most 8 characters; made from the name when left out.',
  })
  accountNumber?: string | null;

  @Field(() => [ContactInput], { nullable: true })
  contacts?: ContactInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the account is to be made; the default company when left out.',
  })
  subCompanyLayerId?: string | null;
}
