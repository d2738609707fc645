import { Field, ID, Int, ObjectType } from 'type-graphql';
import { encodeNodeId } from '../common/node-id.js';
import { Node } from '../common/node.type.js';
import { CurrencyCodeScalar } from '../common/scalars.js';
import type { Company } from './company-directory.js';

@ObjectType('SageCompany', { implements: Node, description: 'One company of the Sage 200 account.' })
export class SageCompanyType extends Node {
  constructor(
    readonly instanceId: number,
    readonly company: Company,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return encodeNodeId(this.instanceId, 'SageCompany', this.company.id);
  }

  @Field(() => Int, { simple: true, description: "Sage's X-Company." })
  get sageCompanyId(): number {
    return this.company.sageCompanyId;
  }

  @Field(() => String, { simple: true, description: "Sage's X-Site." })
  get sageSiteId(): string {
    return this.company.siteId;
  }

  @Field(() => String, { simple: true })
  get name(): string {
    return this.company.name;
  }

  @Field(() => CurrencyCodeScalar, { simple: true })
  get currency(): string {
    return this.company.currency;
  }

  @Field(() => Boolean, {
    simple: true,
    description: 'False once the sign-in no longer reaches it. Its data stay, stale.',
  })
  get isActive(): boolean {
    return this.company.isActive;
  }
}
