import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { GetCapabilitiesRequest } from '@openshell-ts/protocol/compute'
import type { Driver } from '../driver/driver.js'
import { type AdmissionPolicy, configDisabled } from './admission.js'
import { hasFields, reportingDriver } from './config-check.js'
import { toConfigStatus } from './config-status.js'

/**
 * The driver's side of `allow_driver_config`. Gateways of line 0.1 keep blocks off unless the operator allows them in both
 * places; gateways of line 0.0 know no such setting, so there only an operator who has written it down is obeyed.
 */
export class ConfigGate {
  readonly #driver: Driver
  readonly #policy: AdmissionPolicy
  #gatewayHasGate = false

  constructor(driver: Driver, policy: AdmissionPolicy) {
    this.#driver = driver
    this.#policy = policy
  }

  /** Learns the gateway's line: only one of line 0.1 introduces itself, and it asks before every operation. */
  observe({ gateway }: GetCapabilitiesRequest): void {
    this.#gatewayHasGate = gateway !== undefined
  }

  /** @throws StatusError FAILED_PRECONDITION that names both settings when the block is not empty and not allowed. */
  check(block: JsonObject | undefined): void {
    if (this.#policy.allowDriverConfig || !hasFields(block)) return
    if (!this.#gatewayHasGate && !this.#policy.driverConfigDecided) return
    throw toConfigStatus([configDisabled(this.#driver.name)], reportingDriver(this.#driver), 'create')
  }
}
