import { type ErrorKind, OpenShellError } from '../errors/openshell-error.js'

/** What is wrong about the files of a gateway. */
export interface DiscoveryProblem {
  /** `unauthenticated` for credentials that are missing or not good any more. @default 'configuration' */
  readonly kind?: ErrorKind
  /** Path of the file. */
  readonly path: string
  /** Half a sentence that begins after the path; never a value of the file. */
  readonly problem: string
  readonly hint: string
  readonly cause?: unknown
}

/** The error for files that cannot be used, with the path and what to do. */
export function discoveryError({
  kind = 'configuration',
  path,
  problem,
  hint,
  cause,
}: DiscoveryProblem): OpenShellError {
  return new OpenShellError({ kind, message: `${path} ${problem}.`, hint, cause })
}

/** The advice for credentials that only a login can bring. */
export function loginHint(name: string): string {
  return `Run: openshell gateway login ${name}`
}
