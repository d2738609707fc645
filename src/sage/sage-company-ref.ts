/** A company as Sage names it in the headers of every request but `/sites` (sage200.md §1.2). */
export interface SageCompanyRef {
  /** X-Site: a GUID. */
  siteId: string;
  /** X-Company. */
  companyId: number;
}
