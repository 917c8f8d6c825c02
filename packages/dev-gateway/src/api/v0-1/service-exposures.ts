import { type SandboxServiceExposure, ServiceAuthorizationMode } from '@openshell-ts/protocol/v0-1'
import { invalidArgument } from '../../errors/status-error.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import { checkHostPart, checkTargetPort, exposeService, serviceUrl } from '../../services/services.js'
import type { ApiContext } from '../api-context.js'

/** @throws StatusError INVALID_ARGUMENT for services that a sandbox cannot be created with. */
export function checkExposures(exposures: readonly SandboxServiceExposure[]): void {
  for (const { service, targetPort } of exposures) {
    if (service !== '') checkHostPart('service_exposures.service', service)
    checkTargetPort(targetPort)
  }
  if (new Set(exposures.map(({ service }) => service)).size < exposures.length) {
    throw invalidArgument('service_exposures must not name a service twice')
  }
}

/** Gives a new sandbox's services their URLs; by the name of the service, empty for the unnamed one. */
export function exposeAll(
  { store, address }: ApiContext,
  row: SandboxRow,
  exposures: readonly SandboxServiceExposure[],
): Record<string, string> {
  const urls = exposures.map(({ service, targetPort, authorizationMode }) => {
    const passesAuthorization = authorizationMode === ServiceAuthorizationMode.BEARER_PASSTHROUGH
    const record = exposeService(store, row, service, targetPort, { passesAuthorization })
    return [service, serviceUrl(record, address)]
  })
  return Object.fromEntries(urls)
}
