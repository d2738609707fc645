import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Clock } from '../common/clock.js';
import type { RequestContext } from '../common/per-request.js';
import { checkCustomer } from '../customers/check-customer.js';
import type { Database } from '../database/database.js';
import { PushPayload } from '../pushes/push.payload.js';
import { readPushes } from '../pushes/push-rows.js';
import { PushType } from '../pushes/push.type.js';
import { CustomerInput } from './customer.input.js';
import { CustomerRefused, enqueueCustomer } from './enqueue-customer.js';

export interface PushCustomerParts {
  database: Database;
  clock: Clock;
  /** Tells the push engine of this process to look for due pushes now. */
  wakePush(): void;
}

@Resolver()
export class PushCustomerMutation {
  constructor(private readonly parts: PushCustomerParts) {}

  @Authorized('documents:push')
  @Mutation(() => PushPayload, {
    description:
      "Creates the customer's account in the Sage company of the sub-company, links it at once, or brings an existing one up to date: changed content is a new push.",
  })
  async pushCustomer(
    @Ctx() { instanceId }: RequestContext,
    @Arg('input', () => CustomerInput) input: CustomerInput,
  ): Promise<PushPayload> {
    const { database, clock, wakePush } = this.parts;
    const { document, faults } = checkCustomer(input);
    if (faults) return { push: null, userErrors: faults };
    try {
      const { id, isNew } = await database.transaction((transaction) =>
        enqueueCustomer(transaction, clock, instanceId, document),
      );
      if (isNew) wakePush();
      const push = (await readPushes(database, instanceId, [id])).get(id);
      return { push: push ? new PushType(instanceId, push) : null, userErrors: [] };
    } catch (error) {
      if (error instanceof CustomerRefused) return { push: null, userErrors: [error.userError] };
      throw error;
    }
  }
}
