import type { DriverCondition, DriverSandbox } from '@openshell-ts/protocol/compute'
import { isTransientReason } from '../driver/transient-reason.js'

/** The condition that decides the phase: gateways look for the type `Ready` in exactly this case. */
export function readyCondition({ status }: DriverSandbox): DriverCondition | undefined {
  return status?.conditions.find(({ type }) => type === 'Ready')
}

/** Whether the sandbox runs, as gateways see it. */
export function isRunning(sandbox: DriverSandbox): boolean {
  return readyCondition(sandbox)?.status.toLowerCase() === 'true' && !isSuspended(sandbox)
}

/** Whether the sandbox is stopped, as gateways see it. */
export function isSuspended({ status }: DriverSandbox): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value }) => type.toLowerCase() === 'suspended' && value.toLowerCase() === 'true',
  )
}

/** Whether gateways read the sandbox as failed for good. */
export function isTerminal(sandbox: DriverSandbox): boolean {
  const ready = readyCondition(sandbox)
  return !isSuspended(sandbox) && ready?.status.toLowerCase() === 'false' && !isTransientReason(ready.reason)
}

/** The conditions in one line, for reports: `web Ready=False Starting`. */
export function describeSandbox({ name, status }: DriverSandbox): string {
  const conditions = (status?.conditions ?? []).map(({ type, status: value, reason }) => `${type}=${value} ${reason}`)
  const deleting = status?.deleting ? ['deleting'] : []
  return [JSON.stringify(name), ...conditions, ...deleting, ...(status === undefined ? ['no status'] : [])].join(' ')
}
