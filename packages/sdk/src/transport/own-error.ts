import { ConnectError } from '@connectrpc/connect'
import { OpenShellError } from '../errors/openshell-error.js'

/** What this package threw underneath connect, such as for a token that cannot be had: connect wraps it. */
export function ownErrorIn(error: unknown): OpenShellError | undefined {
  if (error instanceof OpenShellError) return error
  return error instanceof ConnectError ? ownErrorIn(error.cause) : undefined
}
