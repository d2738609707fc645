/** What of The Layer is mapped to what of Sage. */
export const SUBJECT_KINDS = ['SUB_COMPANY', 'PAYMENT_METHOD', 'NOMINAL_CODE', 'VAT_CODE'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** A customer's link to its Sage account is made by linkCustomer, and named among the issues only. */
export const MAPPING_KINDS = [...SUBJECT_KINDS, 'CUSTOMER_LINK'] as const;
export type MappingKind = (typeof MAPPING_KINDS)[number];

/** The id of the default sub-company row, which stands for an instance without sub-companies. */
export const DEFAULT_SUB_COMPANY = '';
export const DEFAULT_SUB_COMPANY_NAME = 'Default Company';

/** The key of a cause, an issue and a release: "NOMINAL_CODE:4100:3"; the company is left empty where none can be told. */
export function mappingKey(kind: MappingKind, layerId: string, companyId: number | null): string {
  return `${kind}:${layerId}:${companyId ?? ''}`;
}

/** The parts of such a key; null for another. A Layer id may hold colons itself. */
export function partsOfMappingKey(
  key: string,
): { kind: MappingKind; layerId: string; companyId: number | null } | null {
  const match = /^([A-Z_]+):(.*):(\d*)$/s.exec(key);
  const kind = MAPPING_KINDS.find((known) => known === match?.[1]);
  if (!match || !kind) return null;
  return { kind, layerId: match[2] ?? '', companyId: match[3] ? Number(match[3]) : null };
}
