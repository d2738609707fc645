import { contentHash } from '../sync/content-hash.js';
import type { NominalTriple } from './posting-mappings.js';

/** What a push of a nominal code carries, as JSON in its payload: all that is needed to create the account and to find it again. */
export interface NominalCodeContent extends NominalTriple {
  companyId: number;
  name: string;
  costCentreId: number | null;
  departmentId: number | null;
  reportCategoryId: number;
  /** The subject of the token that asked for it: the mapping is theirs. */
  askedBy: string;
}

/** The triple as people write it: "4100/TEL/NTH", and with blanks "4100//". */
export function tripleText({ reference, costCentre, department }: NominalTriple): string {
  return `${reference}/${costCentre}/${department}`;
}

/** The same for the same request: who asked, and a category that was worked out, make no other content. */
export function nominalContentHash(
  { companyId, name, ...triple }: Pick<NominalCodeContent, 'companyId' | 'name' | keyof NominalTriple>,
  reportCategoryId: number | null,
): string {
  return contentHash([companyId, tripleText(triple), name, reportCategoryId]);
}

/** Sage compares without regard to case. */
export function isSameTriple(a: NominalTriple, b: NominalTriple): boolean {
  return tripleText(a).toUpperCase() === tripleText(b).toUpperCase();
}
