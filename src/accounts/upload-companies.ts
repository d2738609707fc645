import { type Company } from '../companies/company-directory.js';

const NAMES_SHOWN = 10;

/** Finds the Sage company that a row of the upload names; names and sites are compared ignoring case. */
export class UploadCompanies {
  private readonly byName = new Map<string, Company[]>();

  constructor(private readonly companies: readonly Company[]) {
    for (const company of companies) {
      const name = fold(company.name);
      this.byName.set(name, [...(this.byName.get(name) ?? []), company]);
    }
  }

  /** The company, or why there is none and what to do. */
  find({ companyName, siteId }: { companyName: string; siteId: string }): Company | string {
    if (companyName === '') return 'SageCompanyName is missing. Fill in the name of the Sage company.';
    const named = this.byName.get(fold(companyName)) ?? [];
    if (named.length === 0) return `There is no Sage company "${companyName}". ${this.choice()}`;
    const onSite = siteId === '' ? named : named.filter((company) => fold(company.siteId) === fold(siteId));
    if (onSite.length === 0) {
      const sites = named.map((company) => company.siteId).join(', ');
      return `The Sage company "${companyName}" is not on the site "${siteId}". Its SageSiteId is ${sites}.`;
    }
    // of two of one name, the one that the sign-in still reaches
    const candidates = onSite.length > 1 ? onSite.filter(({ isActive }) => isActive) : onSite;
    const [company] = candidates;
    if (company && candidates.length === 1) return company;
    if (siteId === '') {
      const sites = onSite.map((one) => one.siteId).join(', ');
      return `Several Sage companies are called "${companyName}". Fill in SageSiteId, one of ${sites}.`;
    }
    return `Several Sage companies on this site are called "${companyName}". Link this customer by hand, or rename one of them in Sage.`;
  }

  private choice(): string {
    if (this.companies.length === 0) return 'No company has been read from Sage yet: connect Sage, and upload again.';
    const names = this.companies.slice(0, NAMES_SHOWN).map(({ name }) => `"${name}"`);
    return `Write one of ${names.join(', ')}${this.companies.length > NAMES_SHOWN ? ', …' : ''}.`;
  }
}

function fold(text: string): string {
  return text.normalize('NFC').trim().toLowerCase();
}
