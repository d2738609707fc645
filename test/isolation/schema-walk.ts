import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

/** One place in the arguments of a field where a text or an id is given. */
export interface Leaf {
  /** "Query.customer(layerId)" or "InvoiceInput.number". */
  coordinate: string;
  /** From the field's arguments on; 0 stands for the first of a list. */
  path: (string | number)[];
}

/** A field that takes arguments, wherever it is. */
export interface FieldWithArguments {
  parent: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
  leaves: Leaf[];
}

/** What cannot name anything: numbers, flags, dates, amounts, enumerations. */
const isInert = (type: GraphQLNamedType) => isLeafType(type) && !['ID', 'String'].includes(type.name);

/** All texts and ids that a field can be given, at any depth. */
export function leavesOf(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>): Leaf[] {
  return field.args.flatMap((argument) => below(argument, `${parent.name}.${field.name}(${argument.name})`, []));
}

function below(given: GraphQLArgument | GraphQLInputField, coordinate: string, before: (string | number)[]): Leaf[] {
  const type = getNamedType(given.type);
  const isList = isListType(isNonNullType(given.type) ? given.type.ofType : given.type);
  const path = [...before, given.name, ...(isList ? [0] : [])];
  if (isInert(type)) return [];
  if (!isInputObjectType(type)) return [{ coordinate, path }];
  return Object.values(type.getFields()).flatMap((inner) => below(inner, `${type.name}.${inner.name}`, path));
}

/** Every field of the schema that takes arguments, those of the roots too. */
export function fieldsWithArguments(schema: GraphQLSchema): FieldWithArguments[] {
  return Object.values(schema.getTypeMap())
    .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((parent) =>
      Object.values(parent.getFields())
        .filter(({ args }) => args.length > 0)
        .map((field) => ({ parent, field, leaves: leavesOf(parent, field) })),
    );
}

export interface SelectionOptions {
  /** Leaves the lists out that hang on things with an id: they grow while the matrix runs. */
  withoutRows?: boolean;
}

/**
 * Everything that a type has, down to `depth` objects below it; lists three long. Empty for a leaf. Of what may be of many types only
 * its own fields: with more a document would be too large, and each of those types is walked by itself too.
 */
export function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  depth: number,
  options: SelectionOptions = {},
): string {
  if (isUnionType(type) || isInterfaceType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .map((possible) => `... on ${possible.name} { ${fieldsOf(schema, possible, 0, `${possible.name}_`, options)} }`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  return isObjectType(type) ? `{ __typename ${fieldsOf(schema, type, depth, '', options)} }` : '';
}

/** `prefix`: fragments of several types may not answer under one name with different types. */
function fieldsOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  depth: number,
  prefix: string,
  options: SelectionOptions,
): string {
  return Object.values(type.getFields())
    .map((field) => {
      const inner = getNamedType(field.type);
      const name = prefix === '' ? field.name : `${prefix}${field.name}: ${field.name}`;
      if (isLeafType(inner)) return name;
      const isCheap = inner.name === 'Money' || inner.name === 'UserError' || inner.name === 'PageInfo';
      if ((depth === 0 && !isCheap) || (options.withoutRows && isListOfRows(field, type))) return '';
      if (field.args.some(isRequiredArgument) && !field.args.some(({ name: argument }) => argument === 'first'))
        return '';
      const first = field.args.some(({ name: argument }) => argument === 'first') ? '(first: 3)' : '';
      const isWrapper = /(Connection|Edge)$/.test(inner.name);
      return `${name}${first} ${selectionOf(schema, inner, isCheap ? 0 : depth - (isWrapper ? 0 : 1), options)}`;
    })
    .join(' ');
}

/** Lists of things with an id, and pages of them. */
const isListOfRows = (field: GraphQLField<unknown, unknown>, parent: GraphQLObjectType) =>
  parent.getInterfaces().length > 0 &&
  (field.args.some(({ name }) => name === 'first') ||
    isListType(isNonNullType(field.type) ? field.type.ofType : field.type));
