import type { Log } from '../common/log.js';
import type { RequestContext } from '../common/per-request.js';
import type { Caller } from './caller.js';

/** What every resolver is handed. */
export interface GatewayContext extends RequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly log: Log;
}
