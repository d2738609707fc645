import type { Clock } from '../common/clock.js';
import { type CompanyDirectory, readCompanies } from '../companies/company-directory.js';
import type { Database, Transaction } from '../database/database.js';
import type { NextMove, PushHandler, Sighting, StepFacts } from '../pushes/push-handler.js';
import type { PushRow } from '../pushes/push-rows.js';
import { createNominalCode, findNominalCodes } from '../sage/nominal-codes.js';
import type { SageClients } from '../sage/sage-clients.js';
import { mappedSummary } from './map-subject.js';
import { mappingKey } from './mapping-kind.js';
import { readMappings } from './mapping-rows.js';
import { noteAccount, readAccounts } from './nominal-accounts.sql.js';
import { isSameTriple, type NominalCodeContent, tripleText } from './nominal-code-content.js';
import { storeMapping } from './store-mapping.js';

/** Creates the nominal account of a code in a Sage company that lacks it, and maps the code to it. One step, looked for by its triple. */
export class NominalCodePush implements PushHandler {
  readonly kind = 'NOMINAL_CODE';

  constructor(
    private readonly database: Database,
    private readonly sage: SageClients,
    private readonly companies: CompanyDirectory,
    private readonly clock: Clock,
  ) {}

  async next(push: PushRow): Promise<NextMove> {
    if (push.postedAt !== null || (await this.isMapped(push))) return { kind: 'DONE' };
    const content = contentOf(push.payload);
    const company = await this.companies.company(push.instanceId, content.companyId);
    if (!company.isActive) {
      const cause = {
        code: 'SAGE_COMPANY_INACTIVE',
        key: mappingKey('NOMINAL_CODE', push.layerId, company.id),
        subject: `Sage company ${company.name}`,
        message: `The sign-in to Sage no longer reaches ${company.name}, where nominal code ${push.layerId} is to be created.`,
        remedy: `Give the signed-in Sage user access to ${company.name} again, or skip this push.`,
      };
      return { kind: 'HELD', cause };
    }
    return {
      kind: 'STEP',
      step: {
        name: 'POST',
        companyId: company.id,
        facts: { ...content },
        marks: 'POSTED',
        isLast: true,
        lookFirst: 'SAGE',
        send: async (beforeSend, signal) => {
          const ref = { siteId: company.siteId, companyId: company.sageCompanyId };
          const client = this.sage.client(push.instanceId);
          return { sageId: await createNominalCode(client, ref, content, { beforeSend, signal }) };
        },
      },
    };
  }

  async lookUp(push: PushRow, _stepName: string, facts: StepFacts, signal: AbortSignal): Promise<Sighting[]> {
    const content = facts as unknown as NominalCodeContent;
    const company = await this.companies.company(push.instanceId, content.companyId);
    const ref = { siteId: company.siteId, companyId: company.sageCompanyId };
    const accounts = await findNominalCodes(this.sage.client(push.instanceId), ref, content.reference, signal);
    return accounts
      .filter((account) => isSameTriple(account, content))
      .map(({ id, isPosting, isActive }): Sighting => {
        if (isPosting && isActive) return { sageId: id };
        const what = isActive ? 'a group or memo account, which takes no postings' : 'hidden';
        const fault = {
          code: 'NOMINAL_ACCOUNT_UNUSABLE',
          key: mappingKey('NOMINAL_CODE', push.layerId, company.id),
          subject: `nominal code ${push.layerId} in Sage company ${company.name}`,
          message: `${company.name} has the nominal account ${tripleText(content)} already, and it is ${what}.`,
          remedy: isActive
            ? 'Push the code with another cost centre or department, or map it to another account (mapNominalCode).'
            : 'Make the account active in Sage, then retry.',
        };
        return { sageId: id, fault };
      });
  }

  /** The account into the cache, so that documents need not wait for the next pull; the code to it. */
  async settle(
    transaction: Transaction,
    push: PushRow,
    _stepName: string,
    sighting: Sighting,
    facts: StepFacts,
  ): Promise<void> {
    const sageId = sighting.sageId ?? null;
    if (sageId === null) throw new Error(`The nominal account of push ${push.id} has no id.`);
    const content = facts as unknown as NominalCodeContent;
    const company = (await readCompanies(transaction, push.instanceId)).find(({ id }) => id === content.companyId);
    if (!company) throw new Error(`Instance ${push.instanceId} has no Sage company ${content.companyId}.`);
    await noteAccount(transaction, push.instanceId, company.id, { ...content, sageId });
    const target = `nominal account ${tripleText(content)} ${content.name} in ${company.name}`;
    await storeMapping(
      transaction,
      push.instanceId,
      {
        kind: 'NOMINAL_CODE',
        layerId: push.layerId,
        name: null,
        targetName: content.name,
        companyId: company.id,
        targetSageId: sageId,
        summary: mappedSummary('NOMINAL_CODE', push.layerId, target),
      },
      { who: content.askedBy, clock: this.clock },
    );
  }

  /** The company had the account when it was asked for: the code was mapped at once. */
  private async isMapped({ instanceId, layerId, payload }: PushRow): Promise<boolean> {
    const content = contentOf(payload);
    const mappings = await readMappings(this.database, instanceId, 'NOMINAL_CODE', layerId);
    const mapping = mappings.find(({ companyId }) => companyId === content.companyId);
    if (!mapping) return false;
    const accounts = await readAccounts(this.database, instanceId, content.companyId);
    const account = accounts.find(({ sageId }) => sageId === mapping.targetSageId);
    return account !== undefined && account.isActive && account.isPosting && isSameTriple(account, content);
  }
}

function contentOf(payload: string | null): NominalCodeContent {
  return JSON.parse(payload ?? '') as NominalCodeContent;
}
