import { Authorized, Ctx, Field, FieldResolver, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import type { GatewayContext } from '../auth/request-context.js';
import { DateTimeScalar } from '../common/scalars.js';
import type { ConnectionState } from './connection-state.js';
import type { ConnectionService } from './connection.service.js';

export const SageConnectionStateEnum = {
  NOT_CONNECTED: 'NOT_CONNECTED',
  CONNECTED: 'CONNECTED',
  UNREACHABLE: 'UNREACHABLE',
  SIGN_IN_NEEDED: 'SIGN_IN_NEEDED',
} as const satisfies { [K in ConnectionState]: K };
registerEnumType(SageConnectionStateEnum, {
  name: 'SageConnectionState',
  valuesConfig: {
    UNREACHABLE: { description: "Signed in, but Sage's server cannot be reached or lists no company." },
    SIGN_IN_NEEDED: { description: 'The sign-in has run out: a person must sign in to Sage again.' },
  },
});

@ObjectType('SageConnection', { simpleResolvers: true })
export class SageConnectionType {
  @Field(() => SageConnectionStateEnum)
  state!: ConnectionState;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the sign-in runs out.' })
  signInExpiresAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  lastContactAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What to do; null when all is well.' })
  message!: string | null;
}

@Resolver(() => SageConnectionType)
export class SageConnectionResolver {
  constructor(private readonly connections: ConnectionService) {}

  @Authorized('accounts:read')
  @Query(() => SageConnectionType)
  sageConnection(@Ctx() context: GatewayContext): Promise<SageConnectionType> {
    return this.connections.status(context.instanceId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Where to send a person to sign in to Sage. It carries a ticket for one use within ten minutes, bound to the instance and the caller, and only for callers with the scope operate; for others it is null.',
  })
  async signInUrl(@Ctx() { caller, instanceId }: GatewayContext): Promise<string | null> {
    return caller.scopes.has('operate') ? this.connections.beginSignIn(instanceId, caller.subject) : null;
  }
}
