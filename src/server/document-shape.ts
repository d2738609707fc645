import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { DOCUMENT_LIMITS } from './document-limits.js';

/** What a document asks for once its fragments are unfolded; of several operations, the most. */
export interface DocumentShape {
  depth: number;
  fields: number;
  /** Of one field in one selection, under whatever aliases. */
  sameField: number;
  repeats: number;
}

/**
 * Fields and spreads that a document multiplies out to, each fragment as often as it is spread: what reckoning a cost would walk
 * through. Infinity for a fragment that spreads itself.
 */
export function unfoldedSize(document: DocumentNode): number {
  const fragments = fragmentsOf(document);
  const sizes = new Map<string, number>();
  const sizeOfFragment = (name: string): number => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    // what comes back to itself while it is being counted has no end
    sizes.set(name, Infinity);
    const fragment = fragments.get(name);
    const size = fragment ? sizeOf(fragment.selectionSet) : 0;
    sizes.set(name, size);
    return size;
  };
  const sizeOf = ({ selections }: SelectionSetNode): number => {
    let size = selections.length;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) size += sizeOfFragment(selection.name.value);
      else if (selection.selectionSet) size += sizeOf(selection.selectionSet);
    }
    return size;
  };
  return Math.max(
    0,
    ...document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? sizeOf(definition.selectionSet) : 0,
    ),
  );
}

/**
 * Walks as an executor does: what stands under one name in the answer is one field, and its selections are one. So it takes steps
 * for what the answer has, not for what a document of fragments upon fragments multiplies out to, and ends soon after a limit is
 * passed.
 */
export function shapeOf(document: DocumentNode): DocumentShape {
  const fragments = fragmentsOf(document);
  const shapes = document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => shapeOfOperation(operation, fragments));
  const most = (key: keyof DocumentShape) => Math.max(0, ...shapes.map((shape) => shape[key]));
  return { depth: most('depth'), fields: most('fields'), sameField: most('sameField'), repeats: most('repeats') };
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsOf(document: DocumentNode): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return fragments;
}

function shapeOfOperation({ selectionSet }: OperationDefinitionNode, fragments: Fragments): DocumentShape {
  const shape: DocumentShape = { depth: 0, fields: 0, sameField: 0, repeats: 0 };
  let level: SelectionSetNode[][] = [[selectionSet]];
  while (level.length > 0 && shape.depth <= DOCUMENT_LIMITS.depth) {
    shape.depth += 1;
    const next: SelectionSetNode[][] = [];
    for (const selectionSets of level) {
      // names in the answer: the root's, an account's, …
      const answered = new Map<string, SelectionSetNode[]>();
      const asked = new Map<string, number>();
      collect(selectionSets, fragments, { answered, asked });
      for (const times of asked.values()) {
        shape.sameField = Math.max(shape.sameField, times);
        shape.repeats += times - 1;
      }
      shape.fields += answered.size;
      if (isBeyond(shape)) return shape;
      next.push(...[...answered.values()].filter((below) => below.length > 0));
    }
    level = next;
  }
  return shape;
}

interface Collected {
  /** By the name in the answer, what is selected below. */
  answered: Map<string, SelectionSetNode[]>;
  /** By the field's own name, how often. */
  asked: Map<string, number>;
}

/** Each fragment once for one place in the answer: spread there again it adds nothing. */
function collect(selectionSets: SelectionSetNode[], fragments: Fragments, { answered, asked }: Collected): void {
  const spread = new Set<string>();
  const waiting = [...selectionSets];
  for (let selectionSet = waiting.pop(); selectionSet; selectionSet = waiting.pop()) {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) waiting.push(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment && !spread.has(selection.name.value)) waiting.push(fragment.selectionSet);
        spread.add(selection.name.value);
      } else {
        const name = (selection.alias ?? selection.name).value;
        const below = answered.get(name) ?? [];
        if (selection.selectionSet) below.push(selection.selectionSet);
        answered.set(name, below);
        asked.set(selection.name.value, (asked.get(selection.name.value) ?? 0) + 1);
      }
    }
  }
}

function isBeyond({ depth, fields, sameField, repeats }: DocumentShape): boolean {
  const limits = DOCUMENT_LIMITS;
  return depth > limits.depth || fields > limits.fields || sameField > limits.sameField || repeats > limits.repeats;
}
