import { AsyncLocalStorage } from 'node:async_hooks'

/** Shorter values are no secrets that anybody could hide: words of ordinary texts would go with them. */
const shortestSecret = 6

const scope = new AsyncLocalStorage<readonly string[]>()

/** Runs work that has been given secrets. Everything that it begins stays in the scope, also after it has returned. */
export function withSecrets<Result>(secrets: readonly string[], work: () => Result): Result {
  const hidden = secrets.filter((secret) => secret.length >= shortestSecret)
  // The longest first: a secret may be part of another one.
  return hidden.length === 0
    ? work()
    : scope.run(
        hidden.sort((one, other) => other.length - one.length),
        work,
      )
}

/** The text without the secrets of the work that calls. */
export function hideSecrets(text: string): string {
  return (scope.getStore() ?? []).reduce((hidden, secret) => hidden.replaceAll(secret, '[secret]'), text)
}

/** Whether the work that calls has been given secrets. */
export function hasSecrets(): boolean {
  return scope.getStore() !== undefined
}
