import { suggestNames } from '@openshell-ts/driver-config/envelope'
import type { Violation } from '../errors/openshell-error.js'
import type { SandboxResources } from '../model/template.js'
import { violation } from './check-text.js'
import { encodedStructSize } from './encoded-struct-size.js'

const SECTIONS = ['limits', 'requests']
const AMOUNTS = ['cpu', 'memory']
const MAX_BYTES = 65_536
const ELSEWHERE = 'ask for anything else in driverConfig, in the words of the driver'

/**
 * Everything in the resources that has no place in a template, which would be left out, or not be read, without a word; else whether they
 * are too large.
 */
export function checkResources(resources: SandboxResources): Violation[] {
  const misplaced = findMisplaced(resources)
  return misplaced.length > 0 ? misplaced : checkSize(resources)
}

function checkSize(resources: SandboxResources): Violation[] {
  const size = encodedStructSize(JSON.parse(JSON.stringify(resources)))
  if (size <= MAX_BYTES) return []
  return [violation('resources', 'TOO_LONG', `serialized size exceeds maximum (${size} > ${MAX_BYTES})`)]
}

function findMisplaced(resources: SandboxResources): Violation[] {
  return Object.entries(resources).flatMap(([section, amounts]) => {
    const field = `resources.${section}`
    if (AMOUNTS.includes(section)) {
      return [
        violation(field, 'UNKNOWN_FIELD', `belongs into resources.limits.${section} or resources.requests.${section}`),
      ]
    }
    if (!SECTIONS.includes(section)) return [unknown(field, section, SECTIONS)]
    return checkAmounts(field, amounts)
  })
}

/** The same of one section, such as `resources.limits`. */
export function checkAmounts(section: string, amounts: unknown): Violation[] {
  if (amounts === undefined) return []
  if (typeof amounts !== 'object' || amounts === null) return [violation(section, 'TYPE_MISMATCH', 'must be an object')]
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const field = `${section}.${name}`
    if (!AMOUNTS.includes(name)) return [unknown(field, name, AMOUNTS)]
    if (amount === undefined || typeof amount === 'string') return []
    return [violation(field, 'TYPE_MISMATCH', `must be a text, such as "500m" or "2Gi", got ${typeof amount}`)]
  })
}

function unknown(field: string, name: string, known: readonly string[]): Violation {
  const [nearest] = suggestNames(name, known)
  const advice = nearest === undefined ? `known are ${known.join(' and ')}` : `did you mean "${nearest}"`
  return violation(field, 'UNKNOWN_FIELD', `is not known; ${advice}; ${ELSEWHERE}`)
}
