import { type DocumentNode, Kind } from 'graphql';
import { countDocument } from './document-counts.js';
import { DOCUMENT_LIMITS } from './document-limits.js';
import { shapeOf, unfoldedSize } from './document-shape.js';
import { invalid, tooComplex, unreadable } from './refusals.js';

const limits = DOCUMENT_LIMITS;

/** Before it is parsed. Throws GRAPHQL_PARSE_FAILED. */
export function refuseLongText(text: string): void {
  if (text.length > limits.characters)
    throw unreadable(
      `The document has more than ${limits.characters} characters. Send values as variables, and ask in several requests.`,
    );
}

/** Before it is validated. Throws QUERY_TOO_COMPLEX; GRAPHQL_VALIDATION_FAILED for what has no end. */
export function refuseLargeDocument(document: DocumentNode): void {
  const counts = countDocument(document);
  const operations = 'Send what belongs to the operation, and the others in requests of their own.';
  refuseAbove(counts.operations, limits.operations, 'operations', operations);
  refuseAbove(counts.fragments, limits.fragments, 'fragments', operations);
  refuseAbove(counts.variables, limits.variables, 'variables', 'Put them together in an input.');
  refuseAbove(counts.directives, limits.directives, 'directives', 'Write an operation for each case.');
  refuseAbove(
    counts.directivesInOnePlace,
    limits.directivesInOnePlace,
    'directives in one place',
    'One of each will do.',
  );
  refuseAbove(counts.valueWidth, limits.valueWidth, 'values in one list', 'Send them as a variable.');
  refuseAbove(counts.valueDepth, limits.valueDepth, 'levels in a value', 'Send it as a variable.');

  const unfolded = unfoldedSize(document);
  if (unfolded === Infinity) throw invalid('A fragment spreads itself. Ask for so many levels as you want to see.');
  refuseAbove(unfolded, limits.unfolded, 'fields with all that fragments repeat', 'Spread each fragment once.');
  const shape = shapeOf(document);
  refuseAbove(shape.depth, limits.depth, 'levels of fields', 'Ask for what is below in a request of its own.');
  refuseAbove(shape.fields, limits.fields, 'fields', 'Ask for fewer, or in several requests.');
  refuseAbove(
    shape.sameField,
    limits.sameField,
    'times the same field',
    'Ask for it once, for a list, or in several requests.',
  );
  refuseAbove(shape.repeats, limits.repeats, 'repeated fields', 'Ask for each once, or in several requests.');
}

/** By what of JavaScript's every object has, a variable would be given where nobody gave it. Throws GRAPHQL_VALIDATION_FAILED. */
export function refuseOddNames({ definitions }: DocumentNode): void {
  for (const definition of definitions) {
    const variables = definition.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [];
    const odd = variables.find(({ variable }) => variable.name.value in Object.prototype);
    if (odd) throw invalid(`The variable "$${odd.variable.name.value}" cannot have that name. Call it otherwise.`);
  }
}

function refuseAbove(found: number, most: number, what: string, remedy: string): void {
  if (found > most) throw tooComplex(`The document has more than ${most} ${what}. ${remedy}`);
}
