import { Field, ID, ObjectType } from 'type-graphql';
import { Node } from '../common/node.type.js';
import { DecimalScalar } from '../common/scalars.js';
import { SageTaxCodeType } from '../companies/reference.type.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import type { SubjectRow } from './mapping-rows.js';
import { subjectNodeId } from './subject-node-id.js';

@ObjectType('VatCode', {
  implements: Node,
  description: 'A VAT code of The Layer, and the tax code it means in each Sage company.',
})
export class VatCodeType extends Node {
  constructor(
    readonly instanceId: number,
    readonly row: SubjectRow,
  ) {
    super();
  }

  @Field(() => ID, { simple: true })
  get id(): string {
    return subjectNodeId(this.instanceId, 'VAT_CODE', this.row.layerId);
  }

  @Field(() => String, { simple: true })
  get code(): string {
    return this.row.layerId;
  }

  @Field(() => String, { simple: true })
  get name(): string {
    return this.row.name;
  }

  @Field(() => DecimalScalar, { simple: true })
  get ratePercent(): string {
    return this.row.ratePercent ?? '0.00';
  }
}

@ObjectType('VatCodeTaxCode', { simpleResolvers: true })
export class VatCodeTaxCode {
  @Field(() => SageCompanyType)
  sageCompany!: SageCompanyType;

  @Field(() => SageTaxCodeType)
  taxCode!: SageTaxCodeType;
}
