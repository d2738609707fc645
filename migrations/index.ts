import { CreateInstance1764000001000 } from './1764000001000-create-instance.js';
import { CreateSageConnection1764000002000 } from './1764000002000-create-sage-connection.js';
import { CreateCache1764000003000 } from './1764000003000-create-cache.js';
import { CreateCustomer1764000004000 } from './1764000004000-create-customer.js';

/** All migrations, oldest first. */
export const migrations = [
  CreateInstance1764000001000,
  CreateSageConnection1764000002000,
  CreateCache1764000003000,
  CreateCustomer1764000004000,
];
