import {
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

export interface FilledOperation {
  field: string;
  query: string;
  variables: Record<string, unknown>;
}

const VALUES: Readonly<Record<string, unknown>> = {
  Boolean: false,
  CurrencyCode: 'GBP',
  Date: '2026-11-30',
  DateTime: '2026-11-30T09:15:00.000Z',
  Decimal: '1.00',
  Float: 1.5,
  Int: 1,
};

/** Every query and mutation of the schema with `text` in each place that takes text or an id, inputs filled to the last field. */
export function everyOperation(schema: GraphQLSchema, text: string): FilledOperation[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {})
      .filter(({ args }) => args.length > 0)
      .map((field) => filled(root === schema.getMutationType() ? 'mutation' : 'query', field, text)),
  );
}

function filled(kind: string, field: GraphQLField<unknown, unknown>, text: string): FilledOperation {
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const variables = Object.fromEntries(field.args.map(({ name, type }) => [name, valueOf(type, text)]));
  return {
    field: field.name,
    query: `${kind} (${declared}) { ${field.name}(${given}) { ${selectionOf(field)} } }`,
    variables,
  };
}

function valueOf(type: GraphQLInputType, text: string): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, text);
  if (isListType(type)) return [valueOf(type.ofType, text)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type))
    return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, valueOf(field.type, text)]));
  return VALUES[type.name] ?? text;
}

/** What of the answer tells that it was worked out: the rows, and what was refused. */
function selectionOf({ type }: GraphQLField<unknown, unknown>): string {
  const answered = getNamedType(type);
  const fields = isObjectType(answered) ? answered.getFields() : {};
  const leaves = Object.values(fields).filter(
    (field) => field.args.length === 0 && isLeafType(getNamedType(field.type)),
  );
  return [
    '__typename',
    ...leaves.map(({ name }) => name),
    ...('nodes' in fields ? ['nodes { __typename }'] : []),
    ...('userErrors' in fields ? ['userErrors { code message remedy field }'] : []),
  ].join(' ');
}
