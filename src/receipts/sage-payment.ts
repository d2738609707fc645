/**
 * The payment that a match makes is a document of its own, PAYMENT, whose id is a blank and the match's id: no id of The Layer
 * begins with a blank (layer-id.ts), so that the two never meet.
 */
export const sagePaymentId = (matchId: string) => ` ${matchId}`;

/** The match that made a payment; null for a payment of The Layer. */
export const matchIdOfPayment = (layerId: string) => (layerId.startsWith(' ') ? layerId.slice(1) : null);
