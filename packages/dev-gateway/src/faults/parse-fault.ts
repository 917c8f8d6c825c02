import { faultEffects } from './fault-effects.js'
import { FaultError } from './fault-error.js'
import type { DevGatewayFault } from './gateway-fault.js'

/** How faults are written, for people. */
export const faultGrammar = '[driver/]RPC[@SANDBOX]:EFFECT[=VALUE][:TIMES]'

const form =
  /^(?<rpc>(?:driver\/)?\w+)(?:@(?<sandbox>[a-z0-9-]+))?:(?<effect>[a-z-]+)(?:=(?<value>[\w-]*))?(?::(?<times>\d+))?$/

/**
 * Reads a fault in the words of `--fault`, such as `CreateSandbox:drop-after-commit:1`.
 *
 * @throws FaultError that says what to write.
 */
export function parseFault(text: string): DevGatewayFault {
  const { rpc, sandbox, effect = '', value, times } = form.exec(text)?.groups ?? {}
  if (rpc === undefined) throw new FaultError(`The fault ${text} is not of the form ${faultGrammar}.`)
  const known = Object.entries(faultEffects).find(([name]) => name === effect)?.[1]
  if (!known) {
    const names = Object.entries(faultEffects).map(([name, { value: form }]) => `${name}${form}`)
    throw new FaultError(`The fault ${text} has no effect that is known; use one of ${names.join(', ')}.`)
  }
  const read = known.read(value)
  if (!read) throw new FaultError(`The fault ${text} needs its effect as ${effect}${known.value}.`)
  return {
    ...read,
    rpc,
    ...(sandbox !== undefined && { sandbox }),
    ...(times !== undefined && { times: Number(times) }),
  }
}

/** A fault in the words of `--fault`. */
export function formatFault({ rpc, sandbox, times, effect, ...values }: DevGatewayFault): string {
  const value = Object.entries(values).find(([name]) => name !== 'message' || effect === 'lose-message')?.[1]
  const where = sandbox === undefined ? rpc : `${rpc}@${sandbox}`
  const what = value === undefined ? effect : `${effect}=${value}`
  return times === undefined ? `${where}:${what}` : `${where}:${what}:${times}`
}
