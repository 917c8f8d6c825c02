import type { SandboxProgress } from '@openshell-ts/sdk'

/** One line for people about how far a sandbox has come. */
export function describeProgress({ phase, message, conditions, connectionError }: SandboxProgress): string {
  if (connectionError !== undefined) return 'the connection to the gateway is lost; trying until it is back'
  if (message !== undefined) return message
  const ready = conditions.find(({ type }) => type === 'Ready')
  return ready === undefined ? phase : `${phase} (${ready.reason})`
}
