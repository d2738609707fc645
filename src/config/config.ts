import { z } from 'zod';
import { faultsOfAuth } from './auth-faults.js';
import { ConfigError } from './config-error.js';
import {
  above0,
  anyOf,
  count,
  databaseUrl,
  key,
  oneOf,
  origins,
  port,
  seconds,
  timeZone,
  url,
  whole,
} from './values.js';

export const SAGE_200_API_URL = 'https://api.columbus.sage.com/uk/sage200extra/accounts/v1';
export const SAGE_ID_URL = 'https://id.sage.com';

const ROLES = ['api', 'sync', 'push'] as const;
export type Role = (typeof ROLES)[number];

/** An instance may ask for as much as so many of its callers at their limits, unless told otherwise. */
const CALLERS_OF_AN_INSTANCE = 10;

/** Every variable of contract/environment.md, with its default. What is optional here has no default there. */
const variables = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  PORT: port.default(4000),
  HOST: z.string().optional(),
  ROLES: anyOf(ROLES).default([...ROLES]),
  DATABASE_URL: databaseUrl.default('sqlite:./data/gateway.sqlite'),
  MIGRATE: oneOf(['auto', 'manual']).default('auto'),
  REDIS_URL: z.string().optional(),
  DATA_DIRECTORY: z.string().default('data'),
  SAGE_MODE: oneOf(['sandbox', 'live']).optional(),
  SANDBOX_PORT: port.default(4100),
  SANDBOX_SEED: z.string().optional(),
  SANDBOX_CUSTOMERS: count.optional(),
  SANDBOX_TRANSACTIONS: count.optional(),
  SAGE_API_URL: url.optional(),
  SAGE_AUTH_URL: url.optional(),
  SAGE_CLIENT_ID: z.string().optional(),
  SAGE_CLIENT_SECRET: z.string().optional(),
  SAGE_REDIRECT_URL: url.optional(),
  SAGE_REFRESH_TOKEN: z.string().optional(),
  SAGE_REQUEST_TIMEOUT_MS: count.default(60_000),
  SAGE_MAX_CONCURRENCY: count.default(4),
  SAGE_MAX_REQUESTS_PER_SECOND: above0().default(8),
  SAGE_MAX_RUN_SECONDS: seconds.default(180),
  PUSH_MARGIN_SECONDS: seconds.default(30),
  SYNC_TRANSACTIONS_SECONDS: seconds.default(30),
  SYNC_CUSTOMERS_SECONDS: seconds.default(60),
  SYNC_REFERENCE_SECONDS: seconds.default(3_600),
  SYNC_SWEEP_SECONDS: seconds.default(86_400),
  PUSH_POLL_MS: count.default(1_000),
  EVENTS_POLL_MS: count.default(500),
  EVENT_RETENTION_DAYS: whole(1, 3_650).default(30),
  PUSH_LEASE_SECONDS: above0(60).default(45),
  PUSH_LOOK_AGAIN_SECONDS: seconds.default(300),
  TIME_ZONE: timeZone.default('Europe/London'),
  RATE_LIMIT_PER_SECOND: above0().default(100),
  RATE_LIMIT_BURST: count.default(300),
  RATE_LIMIT_INSTANCE_PER_SECOND: above0().optional(),
  RATE_LIMIT_INSTANCE_BURST: count.optional(),
  SOCKETS_PER_CALLER: count.default(100),
  ENCRYPTION_KEY: key.optional(),
  ENCRYPTION_KEY_PREVIOUS: key.optional(),
  AUTH_MODE: oneOf(['demo', 'jwt']).optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_JWKS_URL: url.optional(),
  AUTH_JWT_SECRET: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= 32, 'must be at least 32 bytes')
    .optional(),
  CORS_ORIGINS: origins.default([]),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  METRICS_PORT: port.optional(),
});

export type Config = ReturnType<typeof readConfig>;

/**
 * Reads the whole configuration out of an environment. An empty variable counts as left out.
 * Throws one ConfigError that lists every fault.
 */
export function readConfig(environment: Record<string, string | undefined>) {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const said = parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
    // a number may be neither whole nor in its range, which is one fault
    throw new ConfigError([...new Set(said)]);
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  const config = {
    ...values,
    production,
    HOST: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    SAGE_MODE: values.SAGE_MODE ?? (values.SAGE_CLIENT_ID ? ('live' as const) : ('sandbox' as const)),
    AUTH_MODE: values.AUTH_MODE ?? (production ? ('jwt' as const) : ('demo' as const)),
    RATE_LIMIT_INSTANCE_PER_SECOND:
      values.RATE_LIMIT_INSTANCE_PER_SECOND ?? CALLERS_OF_AN_INSTANCE * values.RATE_LIMIT_PER_SECOND,
    RATE_LIMIT_INSTANCE_BURST: values.RATE_LIMIT_INSTANCE_BURST ?? CALLERS_OF_AN_INSTANCE * values.RATE_LIMIT_BURST,
  };
  const faults = faultsAcross(config);
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

type Values = z.infer<typeof variables> & { production: boolean; HOST: string; SAGE_MODE: string; AUTH_MODE: string };

/** Faults that only show when several variables are looked at together. */
function faultsAcross(config: Values): string[] {
  const faults: string[] = [];
  if (config.production && !config.ENCRYPTION_KEY) {
    faults.push('ENCRYPTION_KEY: is required with NODE_ENV=production (openssl rand -base64 32)');
  }
  faults.push(...faultsOfAuth(config));
  if (config.SAGE_MODE === 'live') {
    for (const name of ['SAGE_CLIENT_ID', 'SAGE_CLIENT_SECRET'] as const) {
      if (!config[name]) faults.push(`${name}: is required with SAGE_MODE=live`);
    }
  }
  return faults;
}
