import type { Clock } from '../common/clock.js';
import type { SageCompanyRef } from './sage-company-ref.js';

const BELIEVED_FOR_MS = 600_000;

/**
 * Companies that answered 401 to a token just issued: the sign-in has no access there. Without this every poll of such a company
 * would redeem the refresh token once more.
 */
export class RefusedCompanies {
  private readonly refusals = new Map<string, { token: string; at: number }>();

  constructor(private readonly clock: Clock) {}

  isRefused(company: SageCompanyRef | undefined, token: string): boolean {
    const refusal = this.refusals.get(keyOf(company));
    return refusal?.token === token && this.clock.now().getTime() - refusal.at < BELIEVED_FOR_MS;
  }

  add(company: SageCompanyRef | undefined, token: string): void {
    this.refusals.set(keyOf(company), { token, at: this.clock.now().getTime() });
  }

  remove(company: SageCompanyRef | undefined): void {
    this.refusals.delete(keyOf(company));
  }
}

function keyOf(company: SageCompanyRef | undefined): string {
  return company ? `${company.siteId} ${company.companyId}` : '';
}
