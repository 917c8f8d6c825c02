import { FaultError } from './fault-error.js'
import { type DevGatewayFault, type FaultCode, type FaultEffect, isFaultCode } from './gateway-fault.js'

/** How faults are written, for people. */
export const faultGrammar = '[driver/]RPC[@SANDBOX]:EFFECT[=VALUE][:TIMES]'

const form =
  /^(?<rpc>(?:driver\/)?\w+)(?:@(?<sandbox>[a-z0-9-]+))?:(?<effect>[a-z-]+)(?:=(?<value>\w+))?(?::(?<times>\d+))?$/

type ReadEffect = (value: string | undefined) => FaultEffect | undefined

const effects: Readonly<Record<FaultEffect['effect'], { readonly value: string; readonly read: ReadEffect }>> = {
  'drop-before-commit': { value: '', read: plain({ effect: 'drop-before-commit' }) },
  'drop-after-commit': { value: '', read: plain({ effect: 'drop-after-commit' }) },
  delay: { value: '=MS', read: counted((delayMs) => ({ effect: 'delay', delayMs })) },
  status: { value: '=CODE', read: coded((code) => ({ effect: 'status', code })) },
  'status-after-commit': { value: '=CODE', read: coded((code) => ({ effect: 'status-after-commit', code })) },
  'half-open': { value: '[=MESSAGES]', read: counted((messages) => ({ effect: 'half-open', messages }), 0) },
  'end-early': { value: '[=MESSAGES]', read: counted((messages) => ({ effect: 'end-early', messages }), 1) },
  'slow-reader': { value: '=MS', read: counted((delayMs) => ({ effect: 'slow-reader', delayMs })) },
  'lose-message': {
    value: '=KIND or =PLACE',
    read: (value) =>
      value === undefined
        ? undefined
        : { effect: 'lose-message', message: /^\d+$/.test(value) ? Number(value) : value },
  },
}

/** The effects with their values, for people. */
export const faultEffects: readonly string[] = Object.entries(effects).map(([name, { value }]) => `${name}${value}`)

/**
 * Reads a fault in the words of `--fault`, such as `CreateSandbox:drop-after-commit:1`.
 *
 * @throws FaultError that says what to write.
 */
export function parseFault(text: string): DevGatewayFault {
  const { rpc, sandbox, effect = '', value, times } = form.exec(text)?.groups ?? {}
  if (rpc === undefined) throw new FaultError(`The fault ${text} is not of the form ${faultGrammar}.`)
  const known = Object.entries(effects).find(([name]) => name === effect)?.[1]
  if (!known) {
    throw new FaultError(`The fault ${text} has no effect that is known; use one of ${faultEffects.join(', ')}.`)
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

function plain(effect: FaultEffect): ReadEffect {
  return (value) => (value === undefined ? effect : undefined)
}

function counted(effect: (count: number) => FaultEffect, missing?: number): ReadEffect {
  return (value) => {
    if (value === undefined) return missing === undefined ? undefined : effect(missing)
    return /^\d+$/.test(value) ? effect(Number(value)) : undefined
  }
}

function coded(effect: (code: FaultCode) => FaultEffect): ReadEffect {
  return (value = '') => (isFaultCode(value) ? effect(value) : undefined)
}
