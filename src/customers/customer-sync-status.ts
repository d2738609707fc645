/** How a Layer customer stands against Sage. */
export const CUSTOMER_SYNC_STATUSES = ['NEVER_SYNCED', 'SYNCED', 'OUT_OF_DATE', 'FAILED'] as const;
export type CustomerSyncStatus = (typeof CUSTOMER_SYNC_STATUSES)[number];
