import type { GetCapabilitiesResponse } from '@openshell-ts/protocol/compute'
import type { IdentifyWorkload } from '../auth/authenticator.js'
import { permissionDenied, unimplemented } from '../errors/status-error.js'
import type { DriverClient } from './driver-client.js'

/**
 * Lets the compute driver say whose a credential is. Its refusals are the answer, code and text.
 *
 * @throws StatusError UNIMPLEMENTED for a driver that authenticates no sandboxes, which is not asked; PERMISSION_DENIED when it
 * names none.
 */
export function driverCredentials(
  driver: DriverClient,
  capabilities: Pick<GetCapabilitiesResponse, 'supportsSandboxAuthentication'>,
): IdentifyWorkload {
  return async (credential) => {
    if (!capabilities.supportsSandboxAuthentication) {
      throw unimplemented('selected compute driver does not authenticate sandbox credentials')
    }
    const { sandboxId, runtimeIdentity } = await driver.call('authenticateSandbox', { credential })
    if (sandboxId === '') throw permissionDenied('compute driver returned an empty sandbox identity')
    return { type: 'sandbox', sandboxId, expiresAtSeconds: 0, runtimeIdentity }
  }
}
