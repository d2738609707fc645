import { Field, ObjectType } from 'type-graphql';
import type { ContactRow } from './customer-rows.js';

@ObjectType('Contact', { description: 'A contact of a Layer customer.' })
export class ContactType {
  constructor(private readonly row: ContactRow) {}

  @Field(() => String, { simple: true })
  get layerId(): string {
    return this.row.layerId;
  }

  @Field(() => String, { simple: true, nullable: true })
  get firstName(): string | null {
    return this.row.firstName;
  }

  @Field(() => String, { simple: true, nullable: true })
  get lastName(): string | null {
    return this.row.lastName;
  }

  @Field(() => String, { simple: true, nullable: true })
  get email(): string | null {
    return this.row.email;
  }

  @Field(() => String, { simple: true, nullable: true })
  get telephone(): string | null {
    return this.row.telephone;
  }

  @Field(() => Boolean, {
    simple: true,
    description: "True once this contact stands in Sage, also when it was added after the customer's first sync.",
  })
  get inSage(): boolean {
    return this.row.inSage;
  }
}
