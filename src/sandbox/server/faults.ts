// Faults on demand: a request that matches is treated badly, as often as asked for, or with a chance.
import { Random } from '../demo/random.js';

export const FAULT_KINDS = [
  'hang', // never answers; nothing is done
  'hangAfterCommit', // does the work, never answers
  'resetBeforeCommit', // the connection is cut; nothing is done
  'resetAfterCommit', // does the work, cuts the connection
  'tooManyRequests', // 429; with Retry-After when retryAfterSeconds is given
  'errorBeforeCommit', // `status` (500); nothing is done
  'errorAfterCommit', // does the work, then `status` (500)
  'gatewayErrorBeforeCommit', // HTML `status` (502); nothing is done
  'gatewayErrorAfterCommit', // does the work, then HTML `status` (504)
  'truncatedBody', // does the work, sends half of the answer and cuts the connection
  'delayThenCommit', // waits delayMs, then does the work, whether or not the caller still listens
  'slow', // does the work, answers after delayMs
  'lateVisibility', // does the work; the new posting, customer, contact or nominal account shows in lists delayMs later
  'unauthorized', // 401, empty
  'refusedCompany', // 401, empty, for companyId
  'forbidden', // 403
  'emptySites', // /sites answers []
  'closedPeriod', // a posting is refused for its date
  'envelope', // a list comes as {"value": [...]}
  'down', // every connection is cut
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultRequest {
  readonly kind: FaultKind;
  readonly method?: string;
  /** Regular expression over the path below the API's root, e.g. `^/sales_receipts$`; `/oauth/token` counts, too. */
  readonly path?: string;
  readonly companyId?: number;
  /** How often; 1 when left out, 0 for until it is taken away. */
  readonly count?: number;
  /** 0 to 1: the chance that a request which matches is hit; the draws follow the sandbox's seed and the order of requests. */
  readonly probability?: number;
  readonly delayMs?: number;
  readonly retryAfterSeconds?: number;
  readonly status?: number;
}

export interface Fault extends FaultRequest {
  readonly id: number;
  /** Null: without end. */
  left: number | null;
}

/** Kinds that say by themselves which requests they mean. */
const OWN_REQUESTS: Partial<Record<FaultKind, RegExp>> = {
  emptySites: /^GET \/sites$/,
  closedPeriod: /^POST \/sales_(invoices|credit_notes|receipts|payments)$/,
  lateVisibility:
    /^POST \/(sales_(invoices|credit_notes|receipts|payments)|customers|customers\/\d+\/customer_contacts|nominal_codes)$/,
};

export class Faults {
  private readonly faults: Fault[] = [];
  /** By fault: one generator each, so that taking one fault away leaves the draws of the others. */
  private readonly draws = new WeakMap<Fault, Random>();
  private lastId = 0;

  constructor(private readonly seed: string) {}

  add(request: FaultRequest): Fault {
    if (!FAULT_KINDS.includes(request.kind)) throw new TypeError(`Unknown fault '${String(request.kind)}'`);
    // a pattern that is none is refused here, and not at the first request that it would meet
    if (request.path !== undefined) RegExp(request.path);
    checkNumbers(request);
    this.lastId += 1;
    const count = request.count ?? (request.kind === 'down' ? 0 : 1);
    const fault: Fault = { ...request, id: this.lastId, left: count === 0 ? null : count };
    this.faults.push(fault);
    this.draws.set(fault, new Random(`${this.seed}/fault/${fault.id}`));
    return fault;
  }

  list(): readonly Fault[] {
    return this.faults;
  }

  /** One, or all. */
  clear(id?: number): void {
    for (let index = this.faults.length - 1; index >= 0; index -= 1) {
      if (id === undefined || this.faults[index]?.id === id) this.faults.splice(index, 1);
    }
  }

  /** The first fault that means this request; it is used up by one. */
  take(method: string, path: string, companyId: number | null): Fault | null {
    const index = this.faults.findIndex((fault) => isMeant(fault, method, path, companyId) && this.isDrawn(fault));
    const fault = this.faults[index];
    if (!fault) return null;
    if (fault.left !== null) {
      fault.left -= 1;
      if (fault.left <= 0) this.faults.splice(index, 1);
    }
    return fault;
  }

  private isDrawn(fault: Fault): boolean {
    return fault.probability === undefined || this.draws.get(fault)?.chance(fault.probability) === true;
  }
}

/** A number that is none is refused here: a fault that never strikes would make a test pass that should not. */
function checkNumbers({ count, probability, delayMs, retryAfterSeconds, status }: FaultRequest): void {
  const isWhole = (value: number | undefined, from: number): boolean =>
    value === undefined || (Number.isSafeInteger(value) && value >= from);
  if (!isWhole(count, 0)) throw new TypeError("'count' must be a whole number");
  if (!isWhole(delayMs, 0) || !isWhole(retryAfterSeconds, 0)) throw new TypeError('A delay must be a whole number');
  if (!isWhole(status, 400)) throw new TypeError("'status' must be that of an error");
  if (probability !== undefined && !(probability >= 0 && probability <= 1))
    throw new TypeError("'probability' must lie between 0 and 1");
}

function isMeant(fault: Fault, method: string, path: string, companyId: number | null): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.companyId !== undefined && fault.companyId !== companyId) return false;
  if (OWN_REQUESTS[fault.kind]?.test(`${method} ${path}`) === false) return false;
  return fault.path === undefined || new RegExp(fault.path).test(path);
}
