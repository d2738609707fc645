import { layerIdFault, lengthOf, MAX_LAYER_ID_LENGTH } from '../common/layer-id.js';
import { decimalFromMinor, minorFromDecimal } from '../common/money.js';
import { decodeNodeIdOf } from '../common/node-id.js';
import { unsupportedCharacter } from '../common/supported-text.js';
import type { UserError } from '../common/user-error.type.js';
import { type OfCompany, readReferenceList, type ReferenceTable } from '../companies/reference-rows.js';
import type { Queryable } from '../database/database.js';

export const MAX_SUBJECT_NAME_LENGTH = 255;

/** Why a text cannot be the id or code of a subject; null when it can. `what` as in "payment method's id". */
export function subjectIdError(text: string, field: string, what: string): UserError | null {
  const fault = layerIdFault(text);
  if (fault === null) return unsupportedError(text, field, what);
  return {
    code: field === 'code' ? 'INVALID_CODE' : 'INVALID_LAYER_ID',
    message: `The ${what} ${fault}.`,
    remedy: `Pass it as The Layer has it: 1 to ${MAX_LAYER_ID_LENGTH} characters, without blanks at its ends.`,
    field: [field],
  };
}

/** Why a text cannot be a subject's name; null when it can, and for one that is left out. */
export function nameError(name: string | null | undefined, maxLength = MAX_SUBJECT_NAME_LENGTH): UserError | null {
  if (name === null || name === undefined) return null;
  const fault =
    name.trim() === '' ? 'is empty' : lengthOf(name) > maxLength ? `is longer than ${maxLength} characters` : null;
  if (fault === null) return unsupportedError(name, 'name', 'name');
  const remedy = `Give it 1 to ${maxLength} characters.`;
  return { code: 'INVALID_NAME', message: `The name ${fault}.`, remedy, field: ['name'] };
}

/** Sage holds no control characters, and nothing beyond the basic plane. */
export function unsupportedError(text: string, field: string, what: string): UserError | null {
  const found = unsupportedCharacter(text);
  if (found === null) return null;
  return {
    code: 'UNSUPPORTED_CHARACTER',
    message: `The ${what} holds ${found}, which Sage cannot hold.`,
    remedy: 'Take the character out.',
    field: [field],
  };
}

/** A rate as it is stored, "20.00"; null for one outside 0 to 100, or with more than the two decimals that Sage has. */
export function ratePercentOf(text: string): string | null {
  const hundredths = minorFromDecimal(text, 2);
  if (hundredths === null || hundredths < 0n || hundredths > 10_000n) return null;
  return decimalFromMinor(hundredths, 2);
}

/** The row of Sage's cached list that an id names; null for an id that does not exist, or is another instance's. */
export async function targetOfId<T>(
  database: Queryable,
  instanceId: number,
  list: ReferenceTable<T>,
  id: string,
): Promise<OfCompany<T> | null> {
  const key = decodeNodeIdOf(instanceId, list.type, id);
  if (key?.length !== 2 || !key.every((part) => /^\d{1,16}$/.test(part))) return null;
  const [companyId, sageId] = key.map(Number) as [number, number];
  const [row] = await readReferenceList(database, instanceId, list, { companyId, sageId });
  return row ?? null;
}

export function companyInactiveError(companyName: string, field: string): UserError {
  return {
    code: 'SAGE_COMPANY_INACTIVE',
    message: `The sign-in to Sage no longer reaches ${companyName}.`,
    remedy: `Give the signed-in Sage user access to ${companyName} again, or choose another company.`,
    field: [field],
  };
}
