import { OpenShellError } from '../errors/openshell-error.js'
import { isBefore } from './gateway-line.js'

/** First patches of line 0.0 whose gateways know a call; one that is not here is as old as the line. */
const FIRST_PATCHES: ReadonlyMap<string, number> = new Map([
  ['GetCurrentUser', 95],
  ['StartSandbox', 105],
  ['StopSandbox', 105],
])

/** Why a gateway of this version does not know a call; undefined when its version is no reason. */
export function floorHint(rpc: string, version: string | undefined): string | undefined {
  const patch = FIRST_PATCHES.get(rpc)
  if (patch === undefined || version === undefined || !isBefore(version, patch)) return undefined
  return `Gateways know it from version 0.0.${patch} on; this one is ${version}.`
}

/** Throws kind `unsupported` for what a gateway of this version would drop without a word. */
export function requirePatch(what: string, patch: number, version: string): void {
  if (!isBefore(version, patch)) return
  throw new OpenShellError({
    kind: 'unsupported',
    message: `${what} needs a gateway from version 0.0.${patch} on; this one is ${version}.`,
    hint: 'Nothing was sent. Leave it out for this gateway, which would ignore it without a word, or use a later one.',
  })
}
