import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { checkScopes } from '../auth/auth-checker.js';

/** The schema of these resolver instances. A class left out of the list makes its fields vanish: the snapshot in schema/ catches it. */
export function buildGatewaySchema(resolvers: readonly object[]): GraphQLSchema {
  const instances = new Map(resolvers.map((resolver) => [resolver.constructor, resolver]));
  return buildSchemaSync({
    resolvers: [...instances.keys()] as never,
    container: { get: (someClass: Function) => instances.get(someClass) },
    authChecker: checkScopes,
    validate: false,
  });
}
