import type { JsonValue } from '../envelope/json-value.js'
import { suggestFrom } from '../issue/suggest.js'
import { countCharacters, describeKind, describeLength, describeValues, shortList } from '../schema/describe-node.js'
import { formatOf, isFormatName } from '../schema/formats.js'
import { type EnumNode, kindOf, type NumberNode, type StringNode } from '../schema/schema-node.js'
import { declaredNames } from './declared-names.js'
import { matchesFormat, matchesPattern } from './match-text.js'
import type { Place, StructureReport } from './structure-report.js'

/**
 * Checks length, pattern and format of a text; all that fail are reported. A text that is too long is not matched: patterns are fast
 * within `maxLength` only.
 */
export function checkString(node: StringNode, value: string, place: Place, report: StructureReport): void {
  const length = countCharacters(value)
  const isTooLong = node.maxLength !== undefined && length > node.maxLength
  if (length < node.minLength || isTooLong) {
    const expected = describeCharacters(node.minLength, node.maxLength)
    const received = describeLength(length)
    const fix = `Write ${expected}.`
    report.add('LENGTH_OUT_OF_RANGE', place.tokens, {
      problem: `must have ${expected}, got ${received}`,
      fix,
      expected,
      received,
    })
  }
  if (node.pattern !== undefined && !isTooLong && !matchesPattern(node.pattern, value)) {
    const expected = `a text that matches ${node.pattern}`
    report.add('PATTERN_MISMATCH', place.tokens, {
      problem: `must be ${expected}`,
      expected,
      received: describeLength(length),
    })
  }
  if (node.format !== undefined && isFormatName(node.format) && !matchesFormat(node.format, value)) {
    const expected = formatOf(node.format).description
    const fix = `Write ${expected}.`
    report.add('FORMAT_INVALID', place.tokens, {
      problem: `must be ${expected}`,
      fix,
      expected,
      received: describeLength(length),
    })
  }
}

/** Checks wholeness, range and step of a number; the first that fails is reported. */
export function checkNumber(node: NumberNode, value: number, place: Place, report: StructureReport): void {
  if (node.integer && !Number.isInteger(value)) {
    const received = 'a number with a fraction'
    const problem = `must be a whole number, got ${received}`
    report.add('NOT_AN_INTEGER', place.tokens, { problem, expected: 'a whole number', received })
  } else if (!isInRange(node, value)) {
    const expected = describeRange(node, value)
    report.add('NUMBER_OUT_OF_RANGE', place.tokens, {
      problem: `must be ${expected}`,
      fix: `Write a number that is ${expected}.`,
      expected,
    })
  } else if (node.multipleOf !== undefined && value % node.multipleOf !== 0) {
    const expected = `a multiple of ${node.multipleOf}`
    report.add('NUMBER_NOT_MULTIPLE', place.tokens, {
      problem: `must be ${expected}`,
      fix: `Round to ${expected}.`,
      expected,
    })
  }
}

/** Checks that a scalar is one of the declared ones. */
export function checkEnum(node: EnumNode, value: JsonValue, place: Place, report: StructureReport): void {
  if (node.values.some((allowed) => allowed === value)) return
  const expected = describeValues(node.values)
  const received = describeKind(kindOf(value))
  const names = node.values.map(String)
  const suggestion = typeof value === 'string' ? suggestFrom(value, declaredNames(node))[0] : undefined
  const hint = suggestion === undefined ? `, got ${received}` : `; did you mean "${suggestion}"?`
  const code = node.values.some((allowed) => typeof allowed === typeof value) ? 'VALUE_NOT_ALLOWED' : 'TYPE_MISMATCH'
  const fix = suggestion === undefined ? `Write ${expected}.` : `Write "${suggestion}".`
  const problem = `must be ${expected}${hint}`
  report.add(code, place.tokens, { problem, fix, expected, received, allowed: shortList(names), suggestion })
}

/** True when a number lies within its bounds; whole numbers also within ±(2^53-1). */
export function isInRange(node: NumberNode, value: number): boolean {
  if (node.integer && !Number.isSafeInteger(value)) return false
  if (node.minimum !== undefined && value < node.minimum) return false
  if (node.maximum !== undefined && value > node.maximum) return false
  if (node.exclusiveMinimum !== undefined && value <= node.exclusiveMinimum) return false
  return node.exclusiveMaximum === undefined || value < node.exclusiveMaximum
}

/** The bounds in words; those of all whole numbers only for a number beyond them. */
function describeRange(node: NumberNode, value: number): string {
  const isBeyond = node.integer && !Number.isSafeInteger(value)
  const hasLower = node.minimum !== undefined || node.exclusiveMinimum !== undefined
  const hasUpper = node.maximum !== undefined || node.exclusiveMaximum !== undefined
  const least = node.minimum ?? (isBeyond && !hasLower ? Number.MIN_SAFE_INTEGER : undefined)
  const most = node.maximum ?? (isBeyond && !hasUpper ? Number.MAX_SAFE_INTEGER : undefined)
  if (least !== undefined && most !== undefined && node.exclusiveMinimum === undefined)
    return `from ${least} to ${most}`
  const parts = [
    least === undefined ? undefined : `at least ${least}`,
    node.exclusiveMinimum === undefined ? undefined : `more than ${node.exclusiveMinimum}`,
    most === undefined ? undefined : `at most ${most}`,
    node.exclusiveMaximum === undefined ? undefined : `less than ${node.exclusiveMaximum}`,
  ]
  return parts.filter((part) => part !== undefined).join(' and ')
}

function describeCharacters(minimum: number, maximum: number | undefined): string {
  if (maximum === undefined) return minimum === 1 ? 'at least 1 character' : `at least ${minimum} characters`
  if (minimum === maximum) return `exactly ${maximum} characters`
  return minimum === 0 ? `at most ${maximum} characters` : `${minimum} to ${maximum} characters`
}
