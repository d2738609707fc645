// The control of the sandbox: the same calls as methods for tests in this process, and below /sandbox over HTTP.
import { toDate } from '../ledger/time.js';
import type { Body } from '../posting/input.js';
import { parseBody } from '../posting/input.js';
import { ageingPeriods, type Api } from '../server/api.js';
import type { Fault, FaultRequest, Faults } from '../server/faults.js';
import { empty, json, message, type Reply } from '../server/reply.js';
import type { SandboxRequest } from '../server/request.js';
import type { LoggedRequest, RequestLog } from '../server/request-log.js';
import type { DemoSize } from '../demo/demo-ledger.js';
import type { Grant } from '../oauth/token-store.js';
import { runDesktopAction } from './desktop.js';
import { accountFigures, type AccountFigures } from './figures.js';
import { ledgerPostings, type LedgerPosting, type PostingsFilter } from './postings.js';
import type { PostingRules } from '../posting/posting-context.js';
import type { Delayed } from '../server/http-server.js';

export interface SandboxStatus extends DemoSize {
  readonly apiRoot: string;
  readonly companies: readonly {
    readonly companyId: number;
    readonly name: string;
    readonly siteId: string;
    readonly transactions: number;
  }[];
  readonly faults: readonly Fault[];
  readonly rules: PostingRules;
  /** Requests that a fault keeps waiting; 0: nothing more will be committed by itself. */
  readonly waiting: number;
}

export interface ControlParts {
  readonly api: Api;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly size: DemoSize;
  readonly apiRoot: string;
  readonly delayed: Delayed;
}

const REDIRECT_URL = 'http://127.0.0.1/sandbox';
const SCOPE = 'openid profile email offline_access';

export class SandboxControl {
  private readonly api: Api;
  private readonly faultList: Faults;
  private readonly log: RequestLog;

  constructor(private readonly parts: ControlParts) {
    this.api = parts.api;
    this.faultList = parts.faults;
    this.log = parts.log;
  }

  status(): SandboxStatus {
    const companies = this.api.ledger.rows<{ companyId: number; name: string; siteId: string; transactions: number }>(
      `select company_id as companyId, name, site_id as siteId,
         (select count(*) from transactions t where t.company_id = c.company_id) as transactions from companies c order by company_id`,
    );
    const { size, apiRoot, delayed } = this.parts;
    return {
      ...size,
      apiRoot,
      companies,
      faults: this.faultList.list(),
      rules: this.api.rules,
      waiting: delayed.count,
    };
  }

  addFault(fault: FaultRequest): Fault {
    return this.faultList.add(fault);
  }

  clearFaults(id?: number): void {
    this.faultList.clear(id);
  }

  requests(since = 0): readonly LoggedRequest[] {
    return this.log.since(since);
  }

  /** Signs in without a browser. */
  signIn(scope = SCOPE): Grant {
    const grant = this.api.tokens.redeemCode(this.api.tokens.issueCode(REDIRECT_URL, scope), REDIRECT_URL);
    if (!grant) throw new Error('The sandbox refused its own code');
    return grant;
  }

  revokeTokens(what: 'access' | 'refresh' | 'all' = 'all'): void {
    this.api.tokens.revoke(what);
  }

  desktop(companyId: number, action: string, body: Body): unknown {
    return runDesktopAction(
      {
        ledger: this.api.ledger,
        companyId,
        nowMs: this.api.now(),
        // At the desktop the rules of the API's user do not bind.
        rules: { ...this.api.rules, onHoldPostings: 'accept' },
        userName: 'Finance Team',
        isPeriodClosed: false,
      },
      action,
      body,
    );
  }

  /** How the API's user is treated from now on; the desktop is never bound by it. */
  setRules(rules: Partial<PostingRules>): PostingRules {
    const { onHoldPostings = this.api.rules.onHoldPostings, isCustomerTouchedByPosting: isTouched } = rules;
    if (onHoldPostings !== 'accept' && onHoldPostings !== 'refuse')
      throw new TypeError("'onHoldPostings' must be accept or refuse");
    this.api.rules = {
      onHoldPostings,
      isCustomerTouchedByPosting: isTouched ?? this.api.rules.isCustomerTouchedByPosting,
    };
    return this.api.rules;
  }

  /** Raw rows of the sales ledger, in the order of posting; hidden, archived and all. */
  postings(companyId: number, which: PostingsFilter = {}): LedgerPosting[] {
    return ledgerPostings(this.api.ledger, companyId, which);
  }

  figures(companyId: number, today = toDate(this.api.now())): AccountFigures[] {
    return accountFigures(this.api.ledger, companyId, today, ageingPeriods(this.api.ledger, companyId));
  }
}

export function controlReply(control: SandboxControl, request: SandboxRequest): Reply {
  const { method, query } = request;
  const parts = request.path.split('/').slice(2);
  const body = (): Body => (request.body === '' ? {} : parseBody(request.body));
  switch (`${method} ${parts[0] ?? ''}`) {
    case 'GET ':
      return json(control.status());
    case 'POST faults':
      return json(control.addFault(body() as unknown as FaultRequest));
    case 'GET faults':
      return json(control.status().faults);
    case 'DELETE faults':
      control.clearFaults(parts[1] === undefined ? undefined : Number(parts[1]));
      return empty(204);
    case 'GET requests':
      return json(control.requests(Number(query.get('since') ?? 0)));
    case 'POST sign-in':
      return json(control.signIn());
    case 'POST revoke':
      control.revokeTokens((body()['what'] as 'access' | 'refresh' | 'all' | undefined) ?? 'all');
      return empty(204);
    case 'POST rules':
      return json(control.setRules(body()));
    case 'GET companies': {
      const companyId = Number(parts[1]);
      if (parts[2] === 'figures') return json(control.figures(companyId, query.get('today') ?? undefined));
      if (parts[2] !== 'postings') break;
      const customerId = query.get('customerId');
      const secondReference = query.get('secondReference');
      return json(
        control.postings(companyId, {
          ...(customerId === null ? {} : { customerId: Number(customerId) }),
          ...(secondReference === null ? {} : { secondReference }),
        }),
      );
    }
    case 'POST companies':
      return json(control.desktop(Number(parts[1]), parts[2] ?? '', body()));
  }
  return message(404, `The sandbox has no ${method} ${request.path}.`);
}
