import { Kind, type OperationDefinitionNode } from 'graphql';
import { VARIABLE_LIMITS } from './document-limits.js';
import { badRequest } from './refusals.js';

const limits = VARIABLE_LIMITS;
/** The one mutation that carries a file. It says itself how large it may be. */
const UPLOAD = { field: 'importCustomerLinks', argument: 'csv' };

/** Before values are compared with their types. Throws BAD_USER_INPUT. */
export function refuseLargeVariables(operation: OperationDefinitionNode, variables: Record<string, unknown>): void {
  let left: number = limits.values;
  const count = (value: unknown, depth: number) => {
    left -= 1;
    if (left < 0) throw tooLarge(`more than ${limits.values} values`);
    if (typeof value === 'string' && value.length > limits.stringLength)
      throw tooLarge(`a text of more than ${limits.stringLength} characters`);
    if (typeof value !== 'object' || value === null) return;
    if (depth > limits.depth) throw tooLarge(`more than ${limits.depth} levels`);
    if (Array.isArray(value) && value.length > limits.listLength)
      throw tooLarge(`a list of more than ${limits.listLength}`);
    for (const part of Object.values(value)) count(part, depth + 1);
  };
  const upload = uploadVariable(operation);
  for (const [name, value] of Object.entries(variables))
    if (name !== upload || typeof value !== 'string') count(value, 1);
}

const tooLarge = (what: string) => badRequest(`The variables have ${what}. Send less in one request.`);

/** The variable that the upload's file is in: `importCustomerLinks(csv: $file)`. */
function uploadVariable({ selectionSet }: OperationDefinitionNode): string | null {
  for (const selection of selectionSet.selections) {
    if (selection.kind !== Kind.FIELD || selection.name.value !== UPLOAD.field) continue;
    const file = selection.arguments?.find(({ name }) => name.value === UPLOAD.argument)?.value;
    if (file?.kind === Kind.VARIABLE) return file.name.value;
  }
  return null;
}

/** What the operation declares of the variables that came: the rest is nobody's, and would only fill what is remembered. */
export function declaredVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Record<string, unknown> {
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
  );
}
