import { CreateInstance1764000001000 } from './1764000001000-create-instance.js';
import { CreateSageConnection1764000002000 } from './1764000002000-create-sage-connection.js';
import { CreateCache1764000003000 } from './1764000003000-create-cache.js';
import { CreateCustomer1764000004000 } from './1764000004000-create-customer.js';
import { CreateMapping1764000005000 } from './1764000005000-create-mapping.js';
import { CreateBreakdown1764000005500 } from './1764000005500-create-breakdown.js';
import { CreatePush1764000006000 } from './1764000006000-create-push.js';
import { IndexPushViews1764000006500 } from './1764000006500-index-push-views.js';
import { CreateDocument1764000007000 } from './1764000007000-create-document.js';
import { CreateCustomerPush1764000008000 } from './1764000008000-create-customer-push.js';
import { CreateReceipt1764000009000 } from './1764000009000-create-receipt.js';
import { CreateEvent1764000009500 } from './1764000009500-create-event.js';
import { LimitInstance1764000010000 } from './1764000010000-limit-instance.js';

/** All migrations, oldest first. */
export const migrations = [
  CreateInstance1764000001000,
  CreateSageConnection1764000002000,
  CreateCache1764000003000,
  CreateCustomer1764000004000,
  CreateMapping1764000005000,
  CreateBreakdown1764000005500,
  CreatePush1764000006000,
  IndexPushViews1764000006500,
  CreateDocument1764000007000,
  CreateCustomerPush1764000008000,
  CreateReceipt1764000009000,
  CreateEvent1764000009500,
  LimitInstance1764000010000,
];
