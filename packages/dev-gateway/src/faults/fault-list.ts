import { checkFault } from './check-fault.js'
import type { DevGatewayFault, DevGatewayFaults, FaultHandle } from './gateway-fault.js'
import { formatFault, parseFault } from './parse-fault.js'

/** What is known of a call when it is looked for a fault that strikes it. */
export interface StruckCall {
  readonly rpc: string
  /** The names of the sandboxes that it may be about. */
  readonly sandboxes: readonly string[]
  /** Whether it goes on after a cursor. */
  readonly resumes?: boolean
}

/** A fault that struck no call, or fewer than it says. */
export interface UnusedFault {
  readonly rpc: string
  /** In the words of `--fault`. */
  readonly text: string
  readonly hits: number
  readonly times: number | undefined
}

interface ListedFault {
  readonly fault: DevGatewayFault
  hits: number
  removed: boolean
}

/** The faults of a gateway, oldest first. */
export class FaultList implements DevGatewayFaults {
  readonly #faults = new Set<ListedFault>()
  readonly #unsettled = new Set<ListedFault>()

  constructor(faults: readonly (DevGatewayFault | string)[] = []) {
    for (const fault of faults) this.add(fault)
  }

  add(given: DevGatewayFault | string): FaultHandle {
    const fault = typeof given === 'string' ? parseFault(given) : given
    checkFault(fault)
    const listed = { fault, hits: 0, removed: false }
    this.#faults.add(listed)
    this.#unsettled.add(listed)
    const remove = () => {
      listed.removed = true
      this.#faults.delete(listed)
    }
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

  /** The faults that struck no call, and those that were not removed and struck fewer than they say. Each is given once. */
  takeUnused(): UnusedFault[] {
    const unused = [...this.#unsettled].filter(
      ({ fault: { times = 0 }, hits, removed }) => hits === 0 || (!removed && hits < times),
    )
    for (const listed of unused) this.#unsettled.delete(listed)
    return unused.map(({ fault, hits }) => ({ rpc: fault.rpc, text: formatFault(fault), hits, times: fault.times }))
  }

  /** The fault that strikes a call; it has struck once more then. */
  take({ rpc, sandboxes, resumes = false }: StruckCall): DevGatewayFault | undefined {
    for (const listed of this.#faults) {
      const { fault } = listed
      if (fault.rpc !== rpc || (fault.sandbox !== undefined && !sandboxes.includes(fault.sandbox))) continue
      if (fault.effect === 'lose-cursor' && !resumes) continue
      listed.hits += 1
      if (listed.hits === fault.times) this.#faults.delete(listed)
      return fault
    }
    return undefined
  }
}
