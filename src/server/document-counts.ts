import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
} from 'graphql';
import { DOCUMENT_LIMITS } from './document-limits.js';
import { tooComplex } from './refusals.js';

/** How much of what is written in a document. */
export interface DocumentCounts {
  operations: number;
  fragments: number;
  /** Of the operation that has most. */
  variables: number;
  directives: number;
  directivesInOnePlace: number;
  nesting: number;
  valueDepth: number;
  valueWidth: number;
}

/** Counts what is written, each thing once. Throws QUERY_TOO_COMPLEX at what is nested too deeply to go on. */
export function countDocument(document: DocumentNode): DocumentCounts {
  const counter = new DocumentCounter();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) counter.operation(definition);
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      counter.counts.fragments += 1;
      counter.directives(definition.directives);
      counter.selections(definition.selectionSet, 1);
    }
  }
  return counter.counts;
}

class DocumentCounter {
  readonly counts: DocumentCounts = {
    operations: 0,
    fragments: 0,
    variables: 0,
    directives: 0,
    directivesInOnePlace: 0,
    nesting: 0,
    valueDepth: 0,
    valueWidth: 0,
  };

  operation({ variableDefinitions = [], directives, selectionSet }: OperationDefinitionNode): void {
    this.counts.operations += 1;
    this.atLeast('variables', variableDefinitions.length);
    for (const variable of variableDefinitions) {
      this.type(variable.type);
      this.directives(variable.directives);
      if (variable.defaultValue) this.value(variable.defaultValue, 1);
    }
    this.directives(directives);
    this.selections(selectionSet, 1);
  }

  selections({ selections }: SelectionSetNode, nesting: number): void {
    this.atLeast('nesting', nesting);
    if (nesting > DOCUMENT_LIMITS.nesting) throw tooDeep();
    for (const selection of selections) {
      this.directives(selection.directives);
      if (selection.kind === Kind.FIELD) this.arguments(selection);
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet)
        this.selections(selection.selectionSet, nesting + 1);
    }
  }

  directives(directives: readonly DirectiveNode[] = []): void {
    this.counts.directives += directives.length;
    this.atLeast('directivesInOnePlace', directives.length);
    for (const directive of directives) this.arguments(directive);
  }

  private arguments({ arguments: given = [] }: Pick<FieldNode | DirectiveNode, 'arguments'>): void {
    this.atLeast('valueWidth', given.length);
    for (const { value } of given) this.value(value, 1);
  }

  private value(value: ValueNode, depth: number): void {
    const parts =
      value.kind === Kind.LIST
        ? value.values
        : value.kind === Kind.OBJECT
          ? value.fields.map((field) => field.value)
          : [];
    this.atLeast('valueDepth', depth);
    this.atLeast('valueWidth', parts.length);
    if (depth > DOCUMENT_LIMITS.valueDepth) throw tooDeep();
    for (const part of parts) this.value(part, depth + 1);
  }

  private type(type: TypeNode): void {
    let depth = 1;
    for (let inner = type; inner.kind !== Kind.NAMED_TYPE; inner = inner.type) depth += 1;
    this.atLeast('valueDepth', depth);
  }

  private atLeast(count: keyof DocumentCounts, found: number): void {
    this.counts[count] = Math.max(this.counts[count], found);
  }
}

const tooDeep = () =>
  tooComplex('The document is nested too deeply. Ask in fewer levels, and send values as variables.');
