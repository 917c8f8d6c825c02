import { violation } from '../checks/check-text.js'
import { throwViolations } from '../checks/throw-violations.js'

/** Refuses values that the wire cannot carry as they are. */
export function checkSettingValue(value: unknown): void {
  const fits =
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    Number.isSafeInteger(value) ||
    value instanceof Uint8Array
  if (fits) return
  const description = `must be a text, true or false, a whole number up to 2^53, or bytes; got ${typeof value}`
  throwViolations('UpdateConfig', [violation('value', 'TYPE_MISMATCH', description)])
}
