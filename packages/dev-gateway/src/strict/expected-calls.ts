import { gatewayRpcs } from '../api/gateway-rpcs.js'
import type { ExpectedCall } from './strict-options.js'
import type { StrictProblem } from './strict-problem.js'

// Clients ask for it on their own, once a connection.
const askedByItself = 'Health'

interface Expectation extends ExpectedCall {
  calls: number
  reported: boolean
}

/** The calls that a test means to make, and those that it made. */
export class ExpectedCalls {
  readonly #expected = new Map<string, Expectation>()
  readonly #unexpected = new Map<string, number>()

  /** @throws TypeError for an RPC that no gateway has, one that is named twice, and a number of calls that is none. */
  constructor(calls: readonly (string | ExpectedCall)[]) {
    for (const call of calls) this.#add(typeof call === 'string' ? { rpc: call } : call)
  }

  /** Takes a call. Supervisors' calls count where they are expected, and are never a problem. */
  take(rpc: string, side: 'client' | 'supervisor'): void {
    const expectation = this.#expected.get(rpc)
    if (expectation) expectation.calls += 1
    else if (side === 'client' && rpc !== askedByItself) this.#unexpected.set(rpc, (this.#unexpected.get(rpc) ?? 0) + 1)
  }

  /** What is wrong so far; each problem is given once. */
  takeProblems(): StrictProblem[] {
    return [...this.#takeUnexpected(), ...this.#takeUnmet()]
  }

  #add({ rpc, times }: ExpectedCall): void {
    if (!gatewayRpcs.has(rpc)) throw new TypeError(`The expected call ${rpc} names no RPC; write it as CreateSandbox.`)
    if (this.#expected.has(rpc))
      throw new TypeError(`The expected call ${rpc} is there twice; give its number as times.`)
    if (times !== undefined && (!Number.isSafeInteger(times) || times < 1)) {
      throw new TypeError(`The expected call ${rpc} comes ${times} times; give a whole number from 1, or none for any.`)
    }
    this.#expected.set(rpc, { rpc, ...(times !== undefined && { times }), calls: 0, reported: false })
  }

  #takeUnexpected(): StrictProblem[] {
    const unexpected = [...this.#unexpected]
    this.#unexpected.clear()
    return unexpected.map(([rpc, calls]) => ({
      code: 'unexpected-call',
      rpc,
      message: `${rpc} was called ${count(calls)}, and is not among the expected calls; expect it, or do not call it.`,
    }))
  }

  #takeUnmet(): StrictProblem[] {
    const unmet = [...this.#expected.values()].filter(
      ({ times, calls, reported }) => !reported && (times === undefined ? calls === 0 : calls !== times),
    )
    for (const expectation of unmet) expectation.reported = true
    return unmet.map(unmetProblem)
  }
}

function unmetProblem({ rpc, times, calls }: Expectation): StrictProblem {
  const expected = times === undefined ? 'at least once' : count(times)
  return {
    code: times !== undefined && calls > times ? 'unexpected-call' : 'missing-call',
    rpc,
    message: `${rpc} was expected ${expected} and called ${count(calls)}; correct the test, or what it expects.`,
  }
}

/** How often, in words. */
export function count(times: number): string {
  return times === 1 ? 'once' : `${times} times`
}
