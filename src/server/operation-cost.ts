import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql';
import { MAX_PAGE_SIZE } from '../common/paging.js';

/** In fields: a page of 500 accounts with every figure costs about 25,000. */
export const MAX_COST = 100_000;

export interface PricedOperation {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  operation: OperationDefinitionNode;
  /** Null while they are not known: what the operation costs at least, whatever they are. */
  variables: Readonly<Record<string, unknown>> | null;
}

/**
 * What an operation may cost, in fields: each is one, and a field with `first` costs as many times what hangs below it. Of the types
 * that an interface or a union can be, the dearest counts. It takes any document without endless fragments, valid or not.
 */
export function costOf(priced: PricedOperation): number {
  const root = priced.schema.getRootType(priced.operation.operation);
  return root ? new Pricing(priced).ofSelections(root, priced.operation.selectionSet) : 0;
}

class Pricing {
  private readonly schema: GraphQLSchema;
  private readonly defaults: ReadonlyMap<string, ValueNode | undefined>;

  constructor(private readonly priced: PricedOperation) {
    this.schema = priced.schema;
    const declared = priced.operation.variableDefinitions ?? [];
    this.defaults = new Map(declared.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]));
  }

  ofSelections(type: GraphQLNamedType, selectionSet: SelectionSetNode): number {
    const costs = new Map(this.typesOf(type).map((name) => [name, 0]));
    this.add(type, [...costs.keys()], selectionSet, costs);
    return Math.max(0, ...costs.values());
  }

  /** Adds the selections to the cost of each of the types that the object may be of. */
  private add(
    parent: GraphQLNamedType,
    types: string[],
    selectionSet: SelectionSetNode,
    costs: Map<string, number>,
  ): void {
    for (const selection of selectionSet.selections) {
      if (this.isLeftOut(selection.directives)) continue;
      if (selection.kind === Kind.FIELD) {
        const cost = this.ofField(parent, selection);
        for (const type of types) costs.set(type, (costs.get(type) ?? 0) + cost);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : this.priced.fragments.get(selection.name.value);
      if (!fragment) continue;
      const condition = fragment.typeCondition?.name.value;
      const narrower = (condition === undefined ? undefined : this.schema.getType(condition)) ?? parent;
      const possible = new Set(this.typesOf(narrower));
      this.add(
        narrower,
        types.filter((type) => possible.has(type)),
        fragment.selectionSet,
        costs,
      );
    }
  }

  private ofField(parent: GraphQLNamedType, node: FieldNode): number {
    const field = this.fieldOf(parent, node.name.value);
    const below = field && node.selectionSet ? this.ofSelections(getNamedType(field.type), node.selectionSet) : 0;
    const first = field && this.firstOf(field, node);
    return typeof first === 'number' ? 1 + Math.max(1, Math.min(first, MAX_PAGE_SIZE)) * below : 1 + below;
  }

  private fieldOf(parent: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  }

  private firstOf(field: GraphQLField<unknown, unknown>, node: FieldNode): unknown {
    const argument = field.args.find(({ name }) => name === 'first');
    if (!argument) return undefined;
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    const value = given && this.valueOf(given);
    const isOpen = given !== undefined && this.priced.variables === null;
    // null is refused where it matters; should it not be, it is no way to be cheap
    return (value ?? undefined) === undefined && !isOpen ? argument.defaultValue : value;
  }

  /** Numbers and flags, which are all that bears on the cost; undefined for what is not given, or not known yet. */
  private valueOf(node: ValueNode): unknown {
    if (node.kind === Kind.INT) return Number(node.value);
    if (node.kind === Kind.BOOLEAN) return node.value;
    if (node.kind !== Kind.VARIABLE || !this.priced.variables) return undefined;
    const given = this.priced.variables[node.name.value];
    const standing = this.defaults.get(node.name.value);
    return given === undefined && standing ? this.valueOf(standing) : given;
  }

  /** By @skip or @include; a flag that is not known yet may leave it out. */
  private isLeftOut(directives: readonly DirectiveNode[] = []): boolean {
    return directives.some(({ name, arguments: given }) => {
      if (name.value !== 'skip' && name.value !== 'include') return false;
      const node = given?.find((argument) => argument.name.value === 'if')?.value;
      const flag = node && this.valueOf(node);
      return flag === undefined ? !this.priced.variables : flag === (name.value === 'skip');
    });
  }

  private typesOf(type: GraphQLNamedType): string[] {
    return isAbstractType(type) ? this.schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
  }
}
