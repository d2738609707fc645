import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import { fragmentsOf } from './document-shape.js';

/** The one mutation that carries a file. It says itself how large it may be. */
const UPLOAD = { field: 'importCustomerLinks', argument: 'csv' };

const TEXT_TYPES = new Set(['String', 'ID']);
const BEARING_TYPES = new Set(['Int', 'Boolean']);

/** What is true of an operation whatever its variables are. It is read once, as long as its document is kept. */
export interface ReadOperation {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fragments multiplied out. */
  rootFields: number;
  /** The variable that the upload's file is in: `importCustomerLinks(csv: $file)`. */
  uploadVariable: string | null;
  /** The variables, when every one is a text: any text will do, and nothing is to be compared with its type. */
  textVariables: readonly string[] | null;
  /** The variables that may bear on the cost: numbers ("first") and flags (@skip, @include). */
  bearingVariables: readonly string[];
}

/** The operation has been found valid; its document holds its fragments. */
export function readOperation(document: DocumentNode, operation: OperationDefinitionNode): ReadOperation {
  const declared = (operation.variableDefinitions ?? []).map(({ variable, type }) => ({
    name: variable.name.value,
    type: nameOf(type),
  }));
  const namesOf = (types: ReadonlySet<string>) =>
    declared.filter(({ type }) => type !== null && types.has(type)).map(({ name }) => name);
  const texts = namesOf(TEXT_TYPES);
  const fragments = fragmentsOf(document);
  return {
    fragments,
    rootFields: countRootFields(fragments, operation),
    uploadVariable: uploadVariableOf(operation),
    textVariables: texts.length === declared.length ? texts : null,
    bearingVariables: namesOf(BEARING_TYPES),
  };
}

/** Null for a list. */
function nameOf(type: TypeNode): string | null {
  if (type.kind === Kind.NON_NULL_TYPE) return nameOf(type.type);
  return type.kind === Kind.NAMED_TYPE ? type.name.value : null;
}

function uploadVariableOf({ selectionSet }: OperationDefinitionNode): string | null {
  for (const selection of selectionSet.selections) {
    if (selection.kind !== Kind.FIELD || selection.name.value !== UPLOAD.field) continue;
    const file = selection.arguments?.find(({ name }) => name.value === UPLOAD.argument)?.value;
    if (file?.kind === Kind.VARIABLE) return file.name.value;
  }
  return null;
}

/**
 * Root fields are counted, not requests: a hundred aliases are a hundred turns. Each fragment is counted once, however often it is
 * spread: a few that spread the next one twice would otherwise be walked for hours.
 */
function countRootFields(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  operation: OperationDefinitionNode,
): number {
  const counted = new Map<string, number>();
  const countFragment = (name: string): number => {
    const selectionSet = fragments.get(name)?.selectionSet;
    const fields = counted.get(name) ?? (selectionSet ? count(selectionSet) : 0);
    counted.set(name, fields);
    return fields;
  };
  const count = (selectionSet: SelectionSetNode): number =>
    selectionSet.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1;
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + count(selection.selectionSet);
      return sum + countFragment(selection.name.value);
    }, 0);
  return count(operation.selectionSet);
}
