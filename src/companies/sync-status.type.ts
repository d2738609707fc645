import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../common/scalars.js';
import { SYNC_RESOURCES, SYNC_STATES, type SyncResource, type SyncState } from '../sync/sync-resource.js';
import { SageCompanyType } from './sage-company.type.js';

export const SyncResourceEnum = Object.fromEntries(SYNC_RESOURCES.map((name) => [name, name])) as {
  [K in SyncResource]: K;
};
registerEnumType(SyncResourceEnum, { name: 'SyncResource' });

export const SyncStateEnum = Object.fromEntries(SYNC_STATES.map((name) => [name, name])) as { [K in SyncState]: K };
registerEnumType(SyncStateEnum, { name: 'SyncState' });

@ObjectType('SyncStatus', {
  simpleResolvers: true,
  description:
    'One for each resource of each known company, from the moment that the company is known; COMPANIES has no company.',
})
export class SyncStatusType {
  @Field(() => SyncResourceEnum)
  resource!: SyncResource;

  @Field(() => SageCompanyType, { nullable: true })
  sageCompany!: SageCompanyType | null;

  @Field(() => SyncStateEnum)
  state!: SyncState;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When all pages of a pull had been read and stored.' })
  lastSucceededAt!: Date | null;

  @Field(() => Int)
  rowsRead!: number;

  @Field(() => Float, { nullable: true, description: '0 to 1 while running, when it can be told.' })
  progress!: number | null;

  @Field(() => String, { nullable: true })
  message!: string | null;
}
