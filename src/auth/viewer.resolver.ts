import { Authorized, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from './request-context.js';

@ObjectType({ simpleResolvers: true })
export class Viewer {
  @Field()
  subject!: string;

  @Field({ description: 'The Layer instance that this caller belongs to. All that they see and do is inside it.' })
  instance!: string;

  @Field(() => [String])
  scopes!: string[];
}

@Resolver()
export class ViewerResolver {
  @Authorized()
  @Query(() => Viewer, { description: 'Who is asking, and what they may do.' })
  viewer(@Ctx() { caller }: GatewayContext): Viewer {
    return { subject: caller.subject, instance: caller.instance, scopes: [...caller.scopes] };
  }
}
