/** The gateway cannot start, and the message says what to change. Printed without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}
