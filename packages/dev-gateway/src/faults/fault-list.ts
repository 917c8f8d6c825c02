import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { Inference, OpenShell } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'
import { FaultError } from './fault-error.js'
import type { DevGatewayFault, DevGatewayFaults, FaultHandle } from './gateway-fault.js'
import { parseFault } from './parse-fault.js'

/** What is known of a call when it is looked for a fault that strikes it. */
export interface StruckCall {
  readonly rpc: string
  /** The names of the sandboxes that it may be about. */
  readonly sandboxes: readonly string[]
}

interface ListedFault {
  readonly fault: DevGatewayFault
  hits: number
}

const knownRpcs: ReadonlySet<string> = new Set([
  ...[OpenShell, Inference, LaterOpenShell].flatMap(({ methods }) => methods.map(({ name }) => name)),
  ...ComputeDriver.methods.map(({ name }) => `driver/${name}`),
])

/** The faults of a gateway, oldest first. */
export class FaultList implements DevGatewayFaults {
  readonly #faults = new Set<ListedFault>()

  constructor(faults: readonly (DevGatewayFault | string)[] = []) {
    for (const fault of faults) this.add(fault)
  }

  add(given: DevGatewayFault | string): FaultHandle {
    const fault = typeof given === 'string' ? parseFault(given) : given
    check(fault)
    const listed = { fault, hits: 0 }
    this.#faults.add(listed)
    const remove = () => void this.#faults.delete(listed)
    return {
      get hits() {
        return listed.hits
      },
      remove,
      [Symbol.dispose]: remove,
    }
  }

  /** True when a fault may strike calls of this RPC. */
  concerns(rpc: string): boolean {
    return [...this.#faults].some(({ fault }) => fault.rpc === rpc)
  }

  /** The fault that strikes a call; it has struck once more then. */
  take({ rpc, sandboxes }: StruckCall): DevGatewayFault | undefined {
    for (const listed of this.#faults) {
      const { fault } = listed
      if (fault.rpc !== rpc || (fault.sandbox !== undefined && !sandboxes.includes(fault.sandbox))) continue
      listed.hits += 1
      if (listed.hits === fault.times) this.#faults.delete(listed)
      return fault
    }
    return undefined
  }
}

function check({ rpc, times = 1 }: DevGatewayFault): void {
  if (!knownRpcs.has(rpc)) {
    throw new FaultError(`The fault of ${rpc} names no RPC; write it as CreateSandbox, or driver/CreateSandbox.`)
  }
  if (!Number.isSafeInteger(times) || times < 1) {
    throw new FaultError(
      `The fault of ${rpc} strikes ${times} times; give a whole number from 1, or none for every call.`,
    )
  }
}
