import type { SageClient } from './sage-client.js';

/** The clients of all instances, one for each connection. */
export interface SageClients {
  client(instanceId: number): SageClient;
  /** An empty list of sites with a valid token: the server has lost its registration with Sage (sage200.md §1.4). */
  reportEmptySites(instanceId: number): Promise<void>;
  /** A list of sites that has some. */
  reportSites(instanceId: number): Promise<void>;
}
