import type { GetCapabilitiesResponse } from '@openshell-ts/protocol/compute'
import type { DriverClient } from '../driver/driver-client.js'
import { failedPrecondition } from '../errors/status-error.js'
import { firstLineRules } from '../phases/phases.js'
import type { WireLine } from '../wire/wire-line.js'
import { checkAcknowledgement } from './admission-policy.js'
import { type AdmissionSetting, checkAdmissionSetting } from './admission-setting.js'
import type { ComputeRules } from './compute-rules.js'
import { checkPeerMetadata, gatewayMetadata } from './peer-metadata.js'

/** What a gateway and its driver agree on at start. */
export interface NegotiatedDriver {
  /** What the driver said about itself. */
  readonly capabilities: GetCapabilitiesResponse
  readonly rules: ComputeRules
}

/** What a gateway knows of itself and of its driver before it has asked. */
export interface NegotiationInput {
  readonly line: WireLine
  /** The version that the gateway reports. */
  readonly version: string
  /** The name as a key. */
  readonly driverName: string
  /** What clients of line 0.1 may bring in. */
  readonly admission: AdmissionSetting
  /** Whether the driver lives in the gateway, and so admits what the gateway does. */
  readonly embedded: boolean
}

/**
 * Asks a driver what it can. On line 0.1 both also say what they speak, and the driver what it admits.
 *
 * @throws GatewayStartError when the two do not fit together; StatusError when the driver does not answer.
 */
export async function negotiateDriver(driver: DriverClient, input: NegotiationInput): Promise<NegotiatedDriver> {
  const { line, driverName, admission, embedded } = input
  if (line === '0.0') {
    const rules = {
      ...firstLineRules,
      allowDriverConfig: true,
      needsRuntimeIdentity: false,
      checkAdmission: async () => {},
    }
    return { capabilities: await driver.call('getCapabilities', {}), rules }
  }
  checkAdmissionSetting(admission, 'admission:')
  const ask = () => driver.call('getCapabilities', { gateway: gatewayMetadata(input.version) })
  const capabilities = await ask()
  checkPeerMetadata(driverName, capabilities.extension)
  if (!embedded) checkAcknowledgement(admission, capabilities.resourceAdmissionPolicy)
  return {
    capabilities,
    rules: {
      line,
      driverReportsReadiness: capabilities.driverReportsRuntimeReadiness,
      allowDriverConfig: admission.allowDriverConfig ?? false,
      needsRuntimeIdentity: capabilities.supportsSandboxAuthentication,
      async checkAdmission() {
        const { resourceAdmissionPolicy } = await ask()
        if (resourceAdmissionPolicy === capabilities.resourceAdmissionPolicy) return
        throw failedPrecondition(
          'remote driver admission policy changed; restart gateway after configuring matching policy',
        )
      },
    },
  }
}
