/** How Sage addresses a company: the headers X-Site and X-Company. */
export interface SageCompanyRef {
  siteId: string;
  companyId: number;
}
