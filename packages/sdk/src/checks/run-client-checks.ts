import type { Violation } from '../errors/openshell-error.js'
import { throwViolations } from './throw-violations.js'

const HINT = "Nothing was sent. If the gateway allows more than this release knows, connect with clientChecks: 'off'."

/** Throws what a gateway would refuse as well, before anything is sent; option `clientChecks` turns that off. */
export function runClientChecks(
  { clientChecks }: { readonly clientChecks: 'on' | 'off' },
  rpc: string,
  findViolations: () => readonly Violation[],
): void {
  if (clientChecks === 'on') throwViolations(rpc, findViolations(), HINT)
}
