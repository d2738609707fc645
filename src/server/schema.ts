import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { checkScopes } from '../auth/auth-checker.js';

/** Subscriptions follow the event log (src/events) and name their own source; type-graphql wants one of these all the same. */
const NO_PUB_SUB: PubSub = {
  publish: () => undefined,
  subscribe: (topic) => {
    throw new Error(`Nothing is published on ${topic}.`);
  },
};

/** The schema of these resolver instances. A class left out of the list makes its fields vanish: the snapshot in schema/ catches it. */
export function buildGatewaySchema(resolvers: readonly object[]): GraphQLSchema {
  const instances = new Map(resolvers.map((resolver) => [resolver.constructor, resolver]));
  return buildSchemaSync({
    resolvers: [...instances.keys()] as never,
    container: { get: (someClass: Function) => instances.get(someClass) },
    authChecker: checkScopes,
    validate: false,
    pubSub: NO_PUB_SUB,
  });
}
