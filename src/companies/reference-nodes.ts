import type { RequestContext } from '../common/per-request.js';
import type { Node } from '../common/node.type.js';
import type { Database } from '../database/database.js';
import { BANK_ACCOUNTS, NOMINAL_ACCOUNTS, readReferenceList, REPORT_CATEGORIES, TAX_CODES } from './reference-rows.js';
import {
  SageBankAccountType,
  SageNominalAccountType,
  SageReportCategoryType,
  SageTaxCodeType,
} from './reference.type.js';

interface ReferenceNode {
  type: string;
  scope: 'accounts:read';
  load(context: RequestContext, key: string[]): Promise<Node | null>;
}

/** Reference data as `node(id)` answers them. */
export function referenceNodeTypes(database: Database): ReferenceNode[] {
  const nodeType = <T extends Node>(
    list: Parameters<typeof readReferenceList<T>>[2],
    nodeClass: new () => T,
  ): ReferenceNode => ({
    type: list.type,
    scope: 'accounts:read',
    load: async ({ instanceId }, [companyId, sageId]) => {
      const key = { companyId: Number(companyId), sageId: Number(sageId) };
      if (!Number.isInteger(key.companyId) || !Number.isInteger(key.sageId)) return null;
      const [row] = await readReferenceList(database, instanceId, list, key);
      // an interface is answered by a class: GraphQL tells the type by it
      return row ? Object.assign(new nodeClass(), row.value) : null;
    },
  });
  return [
    nodeType(BANK_ACCOUNTS, SageBankAccountType),
    nodeType(NOMINAL_ACCOUNTS, SageNominalAccountType),
    nodeType(REPORT_CATEGORIES, SageReportCategoryType),
    nodeType(TAX_CODES, SageTaxCodeType),
  ];
}
