/** What every resolver is handed: who is asking. Loaders live as long as the request, and see one instance only. */
export interface RequestContext {
  readonly instanceId: number;
}

/** Makes something once per request, such as a DataLoader, so that one request's rows never answer another's. */
export function perRequest<C extends RequestContext, T>(make: (context: C) => T): (context: C) => T {
  const made = new WeakMap<C, T>();
  return (context) => {
    let value = made.get(context);
    if (value === undefined) {
      value = make(context);
      made.set(context, value);
    }
    return value;
  };
}
