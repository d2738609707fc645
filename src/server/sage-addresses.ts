import { type Config, SAGE_200_API_URL, SAGE_ID_URL } from '../config/config.js';

export interface SageAddresses {
  apiUrl: string;
  authUrl: string;
  clientId: string;
  clientSecret: string;
}

/** Where the sandbox's API hangs below its root, as Sage's own does below its host (sage200.md §1.1). */
const API_PATH = new URL(SAGE_200_API_URL).pathname;
/** The sandbox knows one application. */
const SANDBOX_CREDENTIALS = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };

/** `sandboxUrl`: of the one that this process has started; a separate worker finds one by SAGE_API_URL. */
export function sageAddresses(config: Config, sandboxUrl: string | null): SageAddresses {
  if (config.SAGE_MODE === 'sandbox') {
    const apiUrl = config.SAGE_API_URL ?? `${sandboxUrl}${API_PATH}`;
    const credentials = {
      clientId: config.SAGE_CLIENT_ID ?? SANDBOX_CREDENTIALS.clientId,
      clientSecret: config.SAGE_CLIENT_SECRET ?? SANDBOX_CREDENTIALS.clientSecret,
    };
    return { apiUrl, authUrl: config.SAGE_AUTH_URL ?? new URL(apiUrl).origin, ...credentials };
  }
  return {
    apiUrl: config.SAGE_API_URL ?? SAGE_200_API_URL,
    authUrl: config.SAGE_AUTH_URL ?? SAGE_ID_URL,
    clientId: config.SAGE_CLIENT_ID ?? '',
    clientSecret: config.SAGE_CLIENT_SECRET ?? '',
  };
}

/** Where browsers reach the gateway, without a slash at the end. */
export function publicUrlOf(config: Pick<Config, 'SAGE_REDIRECT_URL' | 'PORT'>): string {
  return config.SAGE_REDIRECT_URL ? new URL(config.SAGE_REDIRECT_URL).origin : `http://localhost:${config.PORT}`;
}
