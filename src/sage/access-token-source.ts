/** Where the client gets its bearer tokens. Both throw a SageError: `sign_in_needed` when a person must sign in again. */
export interface AccessTokenSource {
  /** A token that should still be good. */
  accessToken(): Promise<string>;
  /** A token in place of one that Sage has answered with 401. */
  refresh(rejectedToken: string): Promise<string>;
}
