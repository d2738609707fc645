import type { Clock } from '../common/clock.js';
import type { UserError } from '../common/user-error.type.js';
import type { Company } from '../companies/company-directory.js';
import { tryInvoice } from '../sage/postings.js';
import type { SageClients } from '../sage/sage-clients.js';
import { SageError } from '../sage/sage-error.js';
import type { PostingBody } from './invoice-body.js';

export interface SageToAsk {
  sage: SageClients;
  clock: Clock;
}

/** A preview is looked at by a person: without Sage's opinion rather than late. */
const MAX_WAIT_MS = 10_000;

/** What Sage has against an invoice, asked by its dry run. Null: nothing, or it could not be asked, or has no dry run. */
export async function refusalOfSage(
  { sage, clock }: SageToAsk,
  instanceId: number,
  company: Company,
  body: PostingBody,
): Promise<UserError | null> {
  const done = new AbortController();
  const place = { siteId: company.siteId, companyId: company.sageCompanyId };
  const asked = tryInvoice(sage.client(instanceId), place, body, done.signal).then(
    () => null,
    (error: unknown) => {
      if (error instanceof SageError || done.signal.aborted) return refusalOf(error);
      throw error;
    },
  );
  try {
    return await Promise.race([asked, clock.sleep(MAX_WAIT_MS, done.signal).then(() => null)]);
  } finally {
    done.abort();
  }
}

function refusalOf(error: unknown): UserError | null {
  if (!(error instanceof SageError) || error.kind !== 'refused' || !error.provablyNotApplied) return null;
  return {
    code: 'SAGE_REFUSED',
    message: error.message,
    remedy: 'Put right what Sage names, here or in Sage.',
  };
}
