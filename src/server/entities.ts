import { AccountNumberEntity } from '../accounts/account-number.entity.js';
import { CustomerPushStepEntity } from '../accounts/customer-push-step.entity.js';
import { SageAccountWordEntity } from '../accounts/sage-account-word.entity.js';
import { SageAccountEntity } from '../accounts/sage-account.entity.js';
import { SageContactEntity } from '../accounts/sage-contact.entity.js';
import { InstanceEntity } from '../auth/instance.entity.js';
import { SageBankAccountEntity } from '../companies/sage-bank-account.entity.js';
import { SageCompanyEntity } from '../companies/sage-company.entity.js';
import { SageCostCentreEntity } from '../companies/sage-cost-centre.entity.js';
import { SageCurrencyEntity } from '../companies/sage-currency.entity.js';
import { SageDepartmentEntity } from '../companies/sage-department.entity.js';
import { SageNominalAccountEntity } from '../companies/sage-nominal-account.entity.js';
import { SageReportCategoryEntity } from '../companies/sage-report-category.entity.js';
import { SageTaxCodeEntity } from '../companies/sage-tax-code.entity.js';
import { SageConnectionEntity } from '../connection/sage-connection.entity.js';
import { SignInTicketEntity } from '../connection/sign-in-ticket.entity.js';
import { CustomerContactLinkEntity } from '../customers/customer-contact-link.entity.js';
import { CustomerContactEntity } from '../customers/customer-contact.entity.js';
import { CustomerLinkEntity } from '../customers/customer-link.entity.js';
import { CustomerWordEntity } from '../customers/customer-word.entity.js';
import { CustomerEntity } from '../customers/customer.entity.js';
import { DocumentLineEntity } from '../documents/document-line.entity.js';
import { DocumentShareEntity } from '../documents/document-share.entity.js';
import { DocumentEntity } from '../documents/document.entity.js';
import { AuditEntryEntity } from '../events/audit-entry.entity.js';
import { EventSequenceEntity } from '../events/event-sequence.entity.js';
import { EventEntity } from '../events/event.entity.js';
import { MappingSubjectEntity } from '../mappings/mapping-subject.entity.js';
import { MappingEntity } from '../mappings/mapping.entity.js';
import { PushAttemptEntity } from '../pushes/push-attempt.entity.js';
import { PushLaneEntity } from '../pushes/push-lane.entity.js';
import { PushNeedEntity } from '../pushes/push-need.entity.js';
import { PushEntity } from '../pushes/push.entity.js';
import { ReceiptMatchEntity } from '../receipts/receipt-match.entity.js';
import { ReceiptEntity } from '../receipts/receipt.entity.js';
import { SyncQuarantineEntity } from '../sync/sync-quarantine.entity.js';
import { SyncStateEntity } from '../sync/sync-state.entity.js';
import { SageAllocationEntity } from '../transactions/sage-allocation.entity.js';
import { SageTransactionEntity } from '../transactions/sage-transaction.entity.js';

/** Every table. Hot paths are SQL of their own; a test holds the entities to what the migrations make. */
export const entities = [
  InstanceEntity,
  SageConnectionEntity,
  SignInTicketEntity,
  SageCompanyEntity,
  SageCurrencyEntity,
  SageBankAccountEntity,
  SageNominalAccountEntity,
  SageReportCategoryEntity,
  SageTaxCodeEntity,
  SageCostCentreEntity,
  SageDepartmentEntity,
  SageAccountEntity,
  SageAccountWordEntity,
  SageContactEntity,
  SageTransactionEntity,
  SageAllocationEntity,
  CustomerEntity,
  CustomerContactEntity,
  CustomerWordEntity,
  CustomerLinkEntity,
  MappingSubjectEntity,
  MappingEntity,
  CustomerContactLinkEntity,
  AccountNumberEntity,
  CustomerPushStepEntity,
  SyncStateEntity,
  SyncQuarantineEntity,
  PushEntity,
  PushLaneEntity,
  PushNeedEntity,
  PushAttemptEntity,
  AuditEntryEntity,
  DocumentEntity,
  DocumentLineEntity,
  DocumentShareEntity,
  ReceiptEntity,
  ReceiptMatchEntity,
  EventSequenceEntity,
  EventEntity,
];
