import type { JsonValue } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'
import { type ConfigIssue, createIssue, type IssueFields, type IssueSite } from '../issue/config-issue.js'
import type { PathToken } from '../issue/path.js'
import { newBudget } from './budget.js'
import { copyPlain, declined, forbiddenKeys, isSpent } from './copy-plain.js'
import { booleanSize, entrySize, fieldSize, numberSize, utf8Length } from './encoded-size.js'
import { isWellFormed } from './is-well-formed.js'
import type { ConfigLimits } from './limits.js'

/** A bounded copy of the caller's value, or why there is none. */
export type GuardResult =
  | {
      readonly ok: true
      readonly value: JsonValue
      /** False when no text in the value has anything of a secret, so that none needs a closer look. */
      readonly mayHoldSecret: boolean
    }
  | { readonly ok: false; readonly issues: ConfigIssue[] }

/** An object or list that is being copied. */
interface Frame {
  readonly source: object
  readonly target: Record<string, JsonValue> | JsonValue[]
  /** Absent for lists. */
  readonly keys?: readonly string[]
  readonly length: number
  readonly token: PathToken
  next: number
  size: number
}

const maximumIssues = 16

/**
 * Copies an untrusted value into plain JSON within the limits.
 *
 * Walks without recursion (a shortcut recurses to the limit), reads each member of a plain block exactly once, and takes own enumerable text keys of plain objects only. Never
 * throws: a getter or proxy that throws is not a JSON value. A member that is `undefined` counts as absent.
 */
export function guardValue(value: unknown, limits: ConfigLimits, site: IssueSite): GuardResult {
  const quick = copyAtOnce(value, limits)
  if (quick !== undefined) return quick
  const guard = new Guard(limits, site)
  const copy = guard.copy(value)
  return guard.issues.length === 0 && copy !== undefined
    ? { ok: true, value: copy, mayHoldSecret: true }
    : { ok: false, issues: guard.issues }
}

/** Most blocks are small and plain: they need neither exact sizes nor places for reports. */
function copyAtOnce(value: unknown, limits: ConfigLimits): GuardResult | undefined {
  const budget = newBudget()
  try {
    const copy = copyPlain(value, limits, budget, 0)
    if (copy === declined || isSpent(budget, limits)) return undefined
    return { ok: true, value: copy, mayHoldSecret: budget.suspicious }
  } catch {
    // A getter or proxy threw: the guard reports where.
    return undefined
  }
}

class Guard {
  readonly issues: ConfigIssue[] = []
  private readonly limits: ConfigLimits
  private readonly site: IssueSite
  private readonly frames: Frame[] = []
  private keyCount = 0
  private byteCount = 0

  constructor(limits: ConfigLimits, site: IssueSite) {
    this.limits = limits
    this.site = site
  }

  copy(root: unknown): JsonValue | undefined {
    const copy = this.enter(root, '')
    while (this.frames.length > 0 && this.issues.length < maximumIssues) {
      const frame = this.frames[this.frames.length - 1]
      if (frame === undefined) break
      if (frame.next < frame.length) this.step(frame)
      else this.leave(frame)
      if (this.byteCount > this.limits.encodedBytes || this.keyCount > this.limits.keys) return this.tooLarge()
    }
    return copy
  }

  /** Copies one member of the open object or list. */
  private step(frame: Frame): void {
    const index = frame.next
    frame.next += 1
    const token = frame.keys === undefined ? index : (frame.keys[index] ?? '')
    const member = this.read(frame, token)
    if (member === unreadable || (member === undefined && typeof token === 'string')) return
    if (typeof token === 'string' && !this.allowsKey(token)) return
    const copy = this.enter(member, token)
    if (copy === undefined) return
    if (Array.isArray(frame.target)) frame.target.push(copy)
    else setMember(frame.target, String(token), copy)
    if (typeof copy !== 'object' || copy === null) this.addSize(frame, token, scalarSize(copy))
  }

  private read(frame: Frame, token: PathToken): unknown {
    try {
      return Reflect.get(frame.source, token)
    } catch {
      this.notJson(token, 'a member that cannot be read')
      return unreadable
    }
  }

  /** A scalar as it is, or an empty copy that becomes the open object or list; `undefined` after a report. */
  private enter(value: unknown, token: PathToken): JsonValue | undefined {
    if (value === null || typeof value === 'boolean') return value
    if (typeof value === 'string') return this.allowsText(value, token) ? value : undefined
    if (typeof value === 'number') {
      return Number.isFinite(value) ? value : this.notJson(token, 'a number that is not finite')
    }
    if (typeof value !== 'object') return this.notJson(token, kindOfForeign(value))
    if (this.frames.length >= this.limits.depth) {
      const problem = `is nested deeper than ${this.limits.depth} levels`
      this.report('CONFIG_TOO_DEEP', token, { problem })
      this.frames.length = 0
      return undefined
    }
    return this.open(value, token)
  }

  private open(source: object, token: PathToken): JsonValue | undefined {
    try {
      if (Array.isArray(source)) return this.openList(source, token)
      const prototype: unknown = Object.getPrototypeOf(source)
      const isPlain = prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
      if (!isPlain) return this.notJson(token, 'an object of a class')
      const keys = Object.keys(source)
      this.keyCount += keys.length
      const target: Record<string, JsonValue> = {}
      this.frames.push({ source, target, keys, length: keys.length, token, next: 0, size: 0 })
      return target
    } catch {
      return this.notJson(token, 'an object that cannot be read')
    }
  }

  private openList(source: readonly unknown[], token: PathToken): JsonValue | undefined {
    // A proxy may answer anything.
    const length = Number(source.length)
    if (!Number.isSafeInteger(length) || length < 0) return this.notJson(token, 'a list without a length')
    if (length > this.limits.items) {
      const problem = `has more than ${this.limits.items} items`
      this.report('ITEM_COUNT_OUT_OF_RANGE', token, { problem, received: `a list of ${length} items` })
      return undefined
    }
    const target: JsonValue[] = []
    this.frames.push({ source, target, length, token, next: 0, size: 0 })
    return target
  }

  private leave(frame: Frame): void {
    this.frames.pop()
    const parent = this.frames[this.frames.length - 1]
    if (parent !== undefined) this.addSize(parent, frame.token, fieldSize(frame.size))
  }

  private addSize(frame: Frame, token: PathToken, valueSize: number): void {
    const size = typeof token === 'string' ? entrySize(token, valueSize) : fieldSize(valueSize)
    frame.size += size
    // Containers were counted member by member already; what they add are a few bytes of lengths and keys.
    this.byteCount = this.frames.length === 1 ? frame.size : Math.max(this.byteCount, frame.size)
  }

  private allowsKey(key: string): boolean {
    if (forbiddenKeys.has(key)) {
      this.report('KEY_FORBIDDEN', key, { problem: 'this key is not allowed anywhere' })
      return false
    }
    if (key.length > this.limits.keyLength) {
      this.report('KEY_TOO_LONG', key, { problem: `the key is longer than ${this.limits.keyLength} characters` })
      return false
    }
    if (!isWellFormed(key)) this.report('VALUE_NOT_JSON', key, { problem: 'the key is not well-formed Unicode' })
    return true
  }

  private allowsText(text: string, token: PathToken): boolean {
    if (text.length > this.limits.stringLength) {
      const problem = `the text is longer than ${this.limits.stringLength} characters`
      this.report('STRING_TOO_LONG', token, { problem })
      return false
    }
    if (!isWellFormed(text)) this.notJson(token, 'a text that is not well-formed Unicode')
    return true
  }

  private notJson(token: PathToken, received: string): undefined {
    const problem = `must be a JSON value, got ${received}`
    this.report('VALUE_NOT_JSON', token, { problem, received })
  }

  private tooLarge(): undefined {
    if (this.keyCount > this.limits.keys) {
      this.reportRoot('CONFIG_TOO_MANY_KEYS', `has more than ${this.limits.keys} keys`)
    } else {
      this.reportRoot('CONFIG_TOO_LARGE', `is larger than ${this.limits.encodedBytes} bytes`)
    }
  }

  private reportRoot(code: IssueCode, problem: string): void {
    this.issues.push(createIssue(this.site, code, [], { problem }))
  }

  private report(code: IssueCode, token: PathToken, fields: IssueFields): void {
    const parents = this.frames.slice(1).map((frame) => frame.token)
    const tokens = this.frames.length === 0 ? [] : [...parents, token]
    this.issues.push(createIssue(this.site, code, tokens, fields))
  }
}

/** Sets a member of our own copy, also when the realm's prototype has a read-only member of the same name. */
function setMember(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key in target) Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

const unreadable = Symbol('unreadable')

function scalarSize(value: JsonValue): number {
  if (typeof value === 'number') return numberSize
  return typeof value === 'string' ? fieldSize(utf8Length(value)) : booleanSize
}

/** What servers put in the place of a member that arrived without a value; JSON has no word for it. */
const valueless = Symbol.for('openshell-ts.driver-config.valueless')

// The description of any other symbol is the caller's text, which could be a value.
function kindOfForeign(value: unknown): string {
  if (value === valueless) return 'a Value without kind'
  return value === undefined ? 'undefined' : `a ${typeof value}`
}
