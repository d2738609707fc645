import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import type { UserError } from '../common/user-error.type.js';
import { PushPayload } from '../pushes/push.payload.js';
import { readPushes } from '../pushes/push-rows.js';
import { PushType } from '../pushes/push.type.js';
import { checkNominalCode } from './check-nominal-code.js';
import { enqueueNominalCode } from './enqueue-nominal-code.js';
import type { MappingContext, MappingParts } from './map-subject.js';

@InputType()
export class NominalCodeInput {
  @Field()
  code!: string;

  @Field()
  name!: string;

  @Field(() => ID)
  sageCompanyId!: string;

  @Field(() => ID, { nullable: true, description: 'Left out: the category of the account next to it in order.' })
  reportCategoryId?: string | null;

  @Field(() => String, { nullable: true })
  costCentre?: string | null;

  @Field(() => String, { nullable: true })
  department?: string | null;
}

const refused = (userErrors: UserError[]): PushPayload => ({ push: null, userErrors });

@Resolver()
export class PushNominalCodeMutation {
  constructor(private readonly parts: MappingParts) {}

  @Authorized('documents:push')
  @Mutation(() => PushPayload, {
    description:
      "Creates the code's nominal account in a Sage company that lacks it, and maps it. Where the company has the account already it is mapped at once, and nothing is sent.",
  })
  async pushNominalCode(
    @Ctx() context: MappingContext,
    @Arg('input', () => NominalCodeInput) input: NominalCodeInput,
  ): Promise<PushPayload> {
    const { database, mappings, wakePush } = this.parts;
    const checked = await checkNominalCode(this.parts, context, input);
    if ('userErrors' in checked) return refused(checked.userErrors);
    const outcome = await enqueueNominalCode(this.parts, context, checked);
    if ('userError' in outcome) return refused([outcome.userError]);
    mappings.clear(context);
    wakePush();
    const push = (await readPushes(database, context.instanceId, [outcome.pushId])).get(outcome.pushId);
    return { push: push ? new PushType(context.instanceId, push) : null, userErrors: [] };
  }
}
