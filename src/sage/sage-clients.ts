import type { SageClient } from './sage-client.js';

/** The clients of all connected instances, as the pulls and pushes are handed them. */
export interface SageClients {
  client(instanceId: number): SageClient;
  /** Sage's list of sites was empty: its server has lost its registration. */
  reportEmptySites(instanceId: number): Promise<void>;
}
