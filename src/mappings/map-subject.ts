import type { Clock } from '../common/clock.js';
import type { RequestContext } from '../common/per-request.js';
import type { UserError } from '../common/user-error.type.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import type { ReferenceTable } from '../companies/reference-rows.js';
import type { Database } from '../database/database.js';
import { capitalized, type CompanySubjectKind, subjectWords, unusableCodeOf } from './mapping-causes.js';
import { companyInactiveError, nameError, subjectIdError, targetOfId } from './mapping-input.js';
import type { MappingLoader } from './mapping.loader.js';
import type { SubjectRow } from './mapping-rows.js';
import { type MappingToStore, storeMapping } from './store-mapping.js';

/** Who asks: a mapping is recorded with its author. */
export interface MappingContext extends RequestContext {
  readonly caller: { readonly subject: string };
}

export interface MappingParts {
  database: Database;
  companies: CompanyLoader;
  mappings: MappingLoader;
  clock: Clock;
  /** Tells the push engine of this process that something was put back in line. */
  wakePush(): void;
}

export type MapOutcome = { subject: SubjectRow; userErrors: [] } | { subject: null; userErrors: UserError[] };

export const refused = (...userErrors: UserError[]): MapOutcome => ({ subject: null, userErrors });

/** Stores a mapping in a transaction of its own, then wakes the push engine. */
export async function saveMapping(
  { database, mappings, clock, wakePush }: MappingParts,
  context: MappingContext,
  mapping: MappingToStore,
): Promise<MapOutcome> {
  const by = { who: context.caller.subject, clock };
  const subject = await database.transaction((transaction) =>
    storeMapping(transaction, context.instanceId, mapping, by),
  );
  mappings.clear(context);
  wakePush();
  return { subject, userErrors: [] };
}

/** What differs between payment methods, nominal codes and VAT codes. */
export interface SubjectToMap<T> {
  kind: CompanySubjectKind;
  layerId: string;
  /** The input field of the id or code, and what it is called in a message. */
  idField: string;
  idWords: string;
  name: string | null | undefined;
  ratePercent?: string | null;
  targetId: string;
  targetField: string;
  /** e.g. "bank account". */
  targetNoun: string;
  list: ReferenceTable<T>;
  /** Why it takes no postings, as the end of a sentence; null when it does. */
  fault(target: T): string | null;
  words(target: T): string;
  nameOf(target: T): string;
  rateOf?(target: T): string;
}

/** Maps what is mapped company by company: each checked against Sage's cached lists before anything is written. */
export async function mapSubject<T>(
  parts: MappingParts,
  context: MappingContext,
  input: SubjectToMap<T>,
): Promise<MapOutcome> {
  const { kind, layerId, targetField, targetNoun } = input;
  const faults = [subjectIdError(layerId, input.idField, input.idWords), nameError(input.name)];
  const errors = faults.filter((error) => error !== null);
  if (errors.length > 0) return refused(...errors);

  const row = await targetOfId(parts.database, context.instanceId, input.list, input.targetId);
  const company = row && (await parts.companies.byId(context, row.companyId));
  if (!company) {
    return refused({
      code: 'NOT_FOUND',
      message: `There is no ${targetNoun} with this id.`,
      remedy: 'Take the id from sageCompanies.',
      field: [targetField],
    });
  }
  if (!company.isActive) return refused(companyInactiveError(company.name, targetField));
  const words = input.words(row.value);
  const fault = input.fault(row.value);
  if (fault !== null) {
    return refused({
      code: unusableCodeOf(kind),
      message: `The ${targetNoun} ${words} of ${company.name} cannot be used: it ${fault}.`,
      remedy: `Choose another ${targetNoun}, or put this one right in Sage.`,
      field: [targetField],
    });
  }
  return saveMapping(parts, context, {
    kind,
    layerId,
    name: input.name ?? null,
    targetName: input.nameOf(row.value) || layerId,
    ratePercent: input.ratePercent ?? null,
    targetRatePercent: input.rateOf?.(row.value) ?? null,
    companyId: company.id,
    targetSageId: row.sageId,
    summary: mappedSummary(kind, layerId, `${targetNoun} ${words} in ${company.name}`, input.name, input.ratePercent),
  });
}

/** In words for the audit trail: "Nominal code 4100 means nominal account 4000 Line rental in Comms Ltd." */
export function mappedSummary(
  kind: MappingToStore['kind'],
  layerId: string,
  target: string,
  name?: string | null,
  ratePercent?: string | null,
): string {
  const said = [
    ...(name ? [`is named "${name}"`] : []),
    ...(ratePercent ? [`has the rate ${ratePercent} %`] : []),
    `means ${target}`,
  ];
  return `${capitalized(subjectWords(kind, layerId))} ${said.join(', ')}.`;
}
