/** Who calls: a person or program that uses the API, or the supervisor of one sandbox. */
export type Principal =
  | { readonly type: 'user' }
  | { readonly type: 'sandbox'; readonly sandboxId: string; readonly expiresAtSeconds: number }
