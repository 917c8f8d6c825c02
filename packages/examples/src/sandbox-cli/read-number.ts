import { UsageError } from '../usage-error.js'

/** Reads the value of a flag that is a whole number, 0 or more; absent stays absent. */
export function readNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new UsageError(`${flag} must be a whole number.`)
}
