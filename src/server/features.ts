import { AccountLoader } from '../accounts/account.loader.js';
import { AccountsPull } from '../accounts/accounts.pull.js';
import { CustomerPush } from '../accounts/customer.push.js';
import { CustomerAccountsResolver } from '../accounts/customer-accounts.resolver.js';
import { FreshnessLoader } from '../accounts/freshness.loader.js';
import { ImportCustomerLinksMutation } from '../accounts/import-customer-links.mutation.js';
import { LinkCustomerMutation } from '../accounts/link-customer.mutation.js';
import { PushCustomerMutation } from '../accounts/push-customer.mutation.js';
import { SageAccountChangedSubscription } from '../accounts/sage-account-changed.subscription.js';
import { SageAccountResolver } from '../accounts/sage-account.resolver.js';
import { UnlinkCustomerMutation } from '../accounts/unlink-customer.mutation.js';
import { ViewerResolver } from '../auth/viewer.resolver.js';
import type { Clock } from '../common/clock.js';
import { companiesPull } from '../companies/companies.pull.js';
import { CompanyDirectory } from '../companies/company-directory.js';
import { CompanyLoader } from '../companies/company.loader.js';
import { ReferenceChanges } from '../companies/reference-changes.js';
import { referencePulls } from '../companies/reference-lists.pull.js';
import { SageCompanyResolver } from '../companies/sage-company.resolver.js';
import { StartSyncMutation } from '../companies/start-sync.mutation.js';
import { SyncStatusResolver } from '../companies/sync-status.resolver.js';
import type { ConnectionService } from '../connection/connection.service.js';
import { SageConnectionResolver } from '../connection/sage-connection.resolver.js';
import { CustomerLoader } from '../customers/customer.loader.js';
import { CustomerResolver } from '../customers/customer.resolver.js';
import type { Log } from '../common/log.js';
import type { Database } from '../database/database.js';
import { CreditNoteResolver } from '../documents/credit-note.resolver.js';
import { CustomerDocumentsResolver } from '../documents/customer-documents.resolver.js';
import { compareWithSage } from '../documents/compare-with-sage.js';
import { DOCUMENT_KINDS } from '../documents/document-kind.js';
import { DocumentPush } from '../documents/document.push.js';
import { OpenDates } from '../documents/open-dates.push.js';
import { DocumentLoader } from '../documents/document.loader.js';
import { InvoiceResolver } from '../documents/invoice.resolver.js';
import { PaymentResolver } from '../documents/payment.resolver.js';
import { PreviewInvoiceMutation } from '../documents/preview-invoice.mutation.js';
import { PushCreditNoteMutation } from '../documents/push-credit-note.mutation.js';
import { PushInvoiceMutation } from '../documents/push-invoice.mutation.js';
import { PushPaymentMutation } from '../documents/push-payment.mutation.js';
import { PushRefundMutation } from '../documents/push-refund.mutation.js';
import { PushResolver } from '../documents/push.resolver.js';
import { RefundResolver } from '../documents/refund.resolver.js';
import { RegisterInvoicesMutation } from '../documents/register-invoices.mutation.js';
import { AuditTrailResolver } from '../events/audit-trail.resolver.js';
import { ErrorQueueResolver } from '../pushes/error-queue.resolver.js';
import { PendingAmountLoader } from '../pushes/pending-amount.loader.js';
import type { PushHandler, PushHandlers } from '../pushes/push-handler.js';
import { MapNominalCodeMutation } from '../mappings/map-nominal-code.mutation.js';
import { MapPaymentMethodMutation } from '../mappings/map-payment-method.mutation.js';
import { MapSubCompanyMutation } from '../mappings/map-sub-company.mutation.js';
import { MapVatCodeMutation } from '../mappings/map-vat-code.mutation.js';
import {
  NominalCodeResolver,
  PaymentMethodResolver,
  SubCompanyResolver,
  VatCodeResolver,
} from '../mappings/mapping-fields.resolver.js';
import { MappingLoader } from '../mappings/mapping.loader.js';
import { MappingsResolver } from '../mappings/mappings.resolver.js';
import { NominalCodePush } from '../mappings/nominal-code.push.js';
import { PushNominalCodeMutation } from '../mappings/push-nominal-code.mutation.js';
import { UnmapMutation } from '../mappings/unmap.mutation.js';
import { PushChangedSubscription } from '../pushes/push-changed.subscription.js';
import { PushLoader } from '../pushes/push.loader.js';
import { RetryPushMutation } from '../pushes/retry-push.mutation.js';
import { RetryPushesMutation } from '../pushes/retry-pushes.mutation.js';
import { SkipPushMutation } from '../pushes/skip-push.mutation.js';
import { AcceptSuggestionMutation } from '../receipts/accept-suggestion.mutation.js';
import { AutoReconcileMutation } from '../receipts/auto-reconcile.mutation.js';
import { IgnoreReceiptMutation } from '../receipts/ignore-receipt.mutation.js';
import { ReconcileReceiptMutation } from '../receipts/reconcile-receipt.mutation.js';
import { TakeOverSageAllocationsMutation } from '../receipts/take-over-sage-allocations.mutation.js';
import { UndoMatchMutation } from '../receipts/undo-match.mutation.js';
import { claimReceipt, keepReceipts } from '../receipts/keep-receipts.js';
import { loseReceipts } from '../receipts/lose-receipts.js';
import { ReceiptAllocationPush } from '../receipts/receipt-allocation.push.js';
import {
  PaymentMatchResolver,
  ReceiptMatchResolver,
  SuggestedAllocationResolver,
} from '../receipts/receipt-match.resolver.js';
import type { ReceiptViewParts } from '../receipts/receipt-views.js';
import { ReceiptEventsSubscription } from '../receipts/receipt-events.subscription.js';
import { ReceiptLoader } from '../receipts/receipt.loader.js';
import { ReceiptResolver } from '../receipts/receipt.resolver.js';
import type { SageClients } from '../sage/sage-clients.js';
import type { Pull } from '../sync/pull.js';
import type { SyncIntervals } from '../sync/sync-resource.js';
import { RefreshAccount } from '../transactions/refresh-account.pull.js';
import { RefreshSageAccountMutation } from '../transactions/refresh-sage-account.mutation.js';
import {
  AccountTransactionsResolver,
  SageAllocationResolver,
  SageTransactionResolver,
} from '../transactions/sage-transaction.resolver.js';
import { TouchedRefresh } from '../transactions/touched.pull.js';
import { TransactionLoader } from '../transactions/transaction.loader.js';
import { TransactionPushResolver } from '../transactions/transaction-push.resolver.js';
import { TransactionsPull } from '../transactions/transactions.pull.js';
import { NodeResolver } from './node.resolver.js';
import { nodeTypes } from './node-types.js';
import { PushDocumentResolver } from './push-document.resolver.js';
import { pushDocumentLoaders } from './push-document.type.js';

export interface FeatureParts {
  database: Database;
  clock: Clock;
  sage: SageClients;
  connections: ConnectionService;
  intervals: SyncIntervals;
  overlapSeconds: number;
  timeZone: string;
  /** Tells the sync engine of this process to look for due pulls now. */
  wakeSync(): void;
  /** Tells the push engine of this process to look for due pushes now. */
  wakePush(): void;
  log: Log;
}

export interface Features {
  resolvers: object[];
  pulls: Pull[];
  companies: CompanyDirectory;
  pushHandlers: PushHandlers;
  touched: TouchedRefresh;
}

/** Every feature, put together: the one place that knows them all. */
export function createFeatures(parts: FeatureParts): Features {
  const { database, clock, sage, connections, intervals } = parts;
  const directory = new CompanyDirectory(database);
  const companies = new CompanyLoader(database);
  const customers = new CustomerLoader(database);
  const accounts = new AccountLoader(database);
  const transactions = new TransactionLoader(database);
  const pushes = new PushLoader(database);
  const pending = new PendingAmountLoader(database);
  const stateOf = async (instanceId: number) => (await connections.status(instanceId)).state;
  const freshness = new FreshnessLoader(database, clock, intervals, stateOf);

  const accountsPull = new AccountsPull(sage, directory, database, clock);
  const transactionsPull = new TransactionsPull(sage, directory, accountsPull, database, clock, {
    onStored: (transaction, target, receipts, readAt) => keepReceipts(transaction, clock, target, receipts, readAt),
    onDeleted: (transaction, target, urns) => loseReceipts(transaction, clock, target, urns),
    onSwept: (target, startedAt) => compareWithSage(database, clock, target, startedAt - parts.overlapSeconds * 1_000),
  });
  const refresher = new RefreshAccount(accountsPull, transactionsPull, database, parts.overlapSeconds);
  const mappings = new MappingLoader(database, companies);
  const mappingParts = { database, companies, mappings, clock, wakePush: parts.wakePush };
  const referenceChanges = new ReferenceChanges(clock, parts.wakePush);
  const linkParts = { database, companies, accounts, customers, clock };

  const documentPushParts = {
    database,
    sage,
    companies: directory,
    clock,
    dates: new OpenDates(clock),
    onMoneyPosted: claimReceipt,
  };
  const pushHandlers: PushHandler[] = [
    new CustomerPush(sage, directory, database, clock),
    new NominalCodePush(database, sage, directory, clock),
    ...DOCUMENT_KINDS.map((kind) => new DocumentPush(kind, documentPushParts)),
    new ReceiptAllocationPush({ database, sage, companies: directory, clock }),
  ];
  const handlers = new Map(pushHandlers.map((handler) => [handler.kind, handler]));
  const pushParts = { database, clock, handlers, wakePush: parts.wakePush };
  const documents = new DocumentLoader(database);
  const receipts = new ReceiptLoader(database);
  const pushDocuments = pushDocumentLoaders({ customers, documents, mappings, receipts });
  const documentViews = { database, documents, customers, mappings, pushes, transactions };
  const receiptViews: ReceiptViewParts = {
    database,
    companies,
    accounts,
    customers,
    transactions,
    documents,
    pushes,
    receipts,
  };

  const reconcileParts = { database, clock, wakePush: parts.wakePush };

  return {
    companies: directory,
    pushHandlers: handlers,
    touched: new TouchedRefresh(accountsPull, transactionsPull, clock, parts.log),
    pulls: [
      companiesPull(sage, referenceChanges),
      ...referencePulls(sage, directory, referenceChanges),
      accountsPull,
      transactionsPull,
    ],
    resolvers: [
      new ViewerResolver(),
      new NodeResolver(
        nodeTypes({ database, companies, customers, accounts, transactions, mappings, documents, receipts, pushes }),
      ),
      new SageConnectionResolver(connections),
      new SageCompanyResolver(companies, database),
      new SyncStatusResolver(companies, database),
      new StartSyncMutation(companies, database, clock, parts.wakeSync),
      new MappingsResolver(mappings, database),
      new SubCompanyResolver(mappings),
      new PaymentMethodResolver(mappings),
      new NominalCodeResolver(mappings),
      new VatCodeResolver(mappings),
      new MapSubCompanyMutation(mappingParts),
      new MapPaymentMethodMutation(mappingParts),
      new MapNominalCodeMutation(mappingParts),
      new MapVatCodeMutation(mappingParts),
      new UnmapMutation(mappingParts),
      new PushNominalCodeMutation(mappingParts),
      new CustomerResolver(database, companies, customers),
      new CustomerAccountsResolver(companies, accounts),
      new SageAccountResolver({
        database,
        companies,
        accounts,
        customers,
        freshness,
        pending,
        clock,
        timeZone: parts.timeZone,
      }),
      new LinkCustomerMutation(linkParts),
      new UnlinkCustomerMutation(linkParts),
      new ImportCustomerLinksMutation(linkParts),
      new PushCustomerMutation({ database, clock, wakePush: parts.wakePush }),
      new SageTransactionResolver(database, companies, accounts, transactions),
      new SageAllocationResolver(transactions),
      new AccountTransactionsResolver(database),
      new RefreshSageAccountMutation(accounts, refresher),
      new InvoiceResolver(documentViews),
      new PaymentResolver(documentViews),
      new CreditNoteResolver(documentViews),
      new RefundResolver(documentViews),
      new CustomerDocumentsResolver(database),
      new PushInvoiceMutation(parts),
      new PushPaymentMutation(parts),
      new PushCreditNoteMutation(parts),
      new PushRefundMutation(parts),
      new PreviewInvoiceMutation(parts),
      new RegisterInvoicesMutation({ ...parts, companies, documents }),
      new PushResolver({ database, companies, customers, pushes }),
      new PushDocumentResolver(pushDocuments),
      new ReceiptResolver(receiptViews),
      new ReceiptMatchResolver(receiptViews),
      new SuggestedAllocationResolver(receiptViews),
      new PaymentMatchResolver(receiptViews),
      new ErrorQueueResolver(database),
      new TransactionPushResolver(pushes),
      new RetryPushMutation(pushParts),
      new RetryPushesMutation(pushParts),
      new SkipPushMutation(pushParts),
      new ReconcileReceiptMutation(reconcileParts),
      new AcceptSuggestionMutation(reconcileParts),
      new AutoReconcileMutation(reconcileParts, companies),
      new TakeOverSageAllocationsMutation(reconcileParts, companies),
      new UndoMatchMutation(reconcileParts, receipts),
      new IgnoreReceiptMutation(reconcileParts),
      new AuditTrailResolver(database),
      new PushChangedSubscription(pushes),
      new ReceiptEventsSubscription(receipts),
      new SageAccountChangedSubscription(database, accounts),
    ],
  };
}
