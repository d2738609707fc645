import { CreateCache1764000003000 } from './1764000003000-create-cache.js';
import { CreateCustomer1764000004000 } from './1764000004000-create-customer.js';

/** All migrations, oldest first. */
export const migrations = [CreateCache1764000003000, CreateCustomer1764000004000];
