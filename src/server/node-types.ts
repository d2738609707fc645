import type { AccountLoader } from '../accounts/account.loader.js';
import { SageAccountType } from '../accounts/sage-account.type.js';
import type { CompanyLoader } from '../companies/company.loader.js';
import { referenceNodeTypes } from '../companies/reference-nodes.js';
import { SageCompanyType } from '../companies/sage-company.type.js';
import { loadCustomerNode } from '../customers/customer-node.js';
import type { CustomerLoader } from '../customers/customer.loader.js';
import type { Database } from '../database/database.js';
import { documentNodeTypes } from '../documents/document-nodes.js';
import type { DocumentLoader } from '../documents/document.loader.js';
import { loadPushNode } from '../documents/push.resolver.js';
import { mappingNodeTypes } from '../mappings/mapping-nodes.js';
import type { MappingLoader } from '../mappings/mapping.loader.js';
import type { PushLoader } from '../pushes/push.loader.js';
import { receiptNodeTypes } from '../receipts/receipt-nodes.js';
import type { ReceiptLoader } from '../receipts/receipt.loader.js';
import { SageTransactionType } from '../transactions/sage-transaction.type.js';
import type { TransactionLoader } from '../transactions/transaction.loader.js';
import type { NodeType } from './node.resolver.js';

export interface NodeLoaders {
  database: Database;
  companies: CompanyLoader;
  customers: CustomerLoader;
  accounts: AccountLoader;
  transactions: TransactionLoader;
  mappings: MappingLoader;
  documents: DocumentLoader;
  receipts: ReceiptLoader;
  pushes: PushLoader;
}

/** Everything that has an id: with which scope, and from where. */
export function nodeTypes(loaders: NodeLoaders): NodeType[] {
  const { companies, accounts, transactions } = loaders;
  return [
    {
      type: 'SageCompany',
      scope: 'accounts:read',
      load: async (context, [id]) => {
        const company = await companies.byId(context, Number(id));
        return company && new SageCompanyType(context.instanceId, company);
      },
    },
    ...referenceNodeTypes(loaders.database),
    ...mappingNodeTypes(loaders.mappings),
    {
      type: 'Customer',
      scope: 'accounts:read',
      load: (context, key) => loadCustomerNode(loaders.customers, context, key),
    },
    {
      type: 'SageAccount',
      scope: 'accounts:read',
      load: async (context, [companyId, sageId]) => {
        const row = await accounts.byKey(context).load({ companyId: Number(companyId), sageId: Number(sageId) });
        return row && new SageAccountType(context.instanceId, row);
      },
    },
    {
      type: 'SageTransaction',
      scope: 'accounts:read',
      load: async (context, [companyId, urn]) => {
        const row = await transactions.byKey(context).load({ companyId: Number(companyId), urn: urn ?? '' });
        return row && new SageTransactionType(context.instanceId, row);
      },
    },
    ...documentNodeTypes(loaders.documents),
    ...receiptNodeTypes(loaders.receipts),
    { type: 'Push', scope: 'documents:read', load: (context, key) => loadPushNode(loaders.pushes, context, key) },
  ];
}
