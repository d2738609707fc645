import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { CurrencyCodeScalar, DateScalar, DateTimeScalar, DecimalScalar } from '../../src/common/scalars.js';

const SNAPSHOT = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));

/** The gateway's schema with its scalars, and with nothing to resolve it. */
export function schemaOfSnapshot(): GraphQLSchema {
  const schema = buildSchema(readFileSync(SNAPSHOT, 'utf8'));
  for (const { name, parseValue, parseLiteral } of [DateScalar, DateTimeScalar, DecimalScalar, CurrencyCodeScalar])
    Object.assign(schema.getType(name) ?? {}, { parseValue, parseLiteral });
  return schema;
}
