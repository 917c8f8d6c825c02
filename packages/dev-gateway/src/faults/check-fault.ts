import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { gatewayRpcs } from '../api/gateway-rpcs.js'
import { faultEffects } from './fault-effects.js'
import { FaultError } from './fault-error.js'
import type { DevGatewayFault } from './gateway-fault.js'

const driverRpcs: ReadonlySet<string> = new Set(ComputeDriver.methods.map(({ name }) => `driver/${name}`))
const errorTextLimit = 131_072

/** @throws FaultError for a fault that can strike nothing. */
export function checkFault(fault: DevGatewayFault): void {
  const { rpc, effect, times = 1 } = fault
  if (!gatewayRpcs.has(rpc) && !driverRpcs.has(rpc)) {
    throw new FaultError(`The fault of ${rpc} names no RPC; write it as CreateSandbox, or driver/CreateSandbox.`)
  }
  if (!Number.isSafeInteger(times) || times < 1) {
    throw new FaultError(
      `The fault of ${rpc} strikes ${times} times; give a whole number from 1, or none for every call.`,
    )
  }
  const { strikes } = faultEffects[effect]
  if (strikes && !strikes.includes(rpc) && !(strikes.includes('driver/*') && driverRpcs.has(rpc))) {
    throw new FaultError(`The fault ${effect} cannot strike ${rpc}; use it on ${strikes.join(', ')}.`)
  }
  if (effect === 'oversize-error' && (fault.sizeBytes ?? 0) > errorTextLimit) {
    throw new FaultError(`The fault oversize-error of ${rpc} has more than ${errorTextLimit} bytes; give fewer.`)
  }
}
