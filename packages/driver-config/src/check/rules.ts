import type { JsonObject } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'
import { type ConfigIssue, createIssue, type IssueSite } from '../issue/config-issue.js'
import { bugReportSentence } from '../issue/owner-title.js'
import { parsePath } from '../issue/parse-path.js'
import { formatPath, fromPointer, type PathToken } from '../issue/path.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { templateOf } from '../schema/template-of.js'
import { hasMember } from './members-at.js'
import type { SandboxRequest } from './sandbox-request.js'
import { silencePromise } from './silence-promise.js'

/** What a rule may report besides the general `RULE_FAILED`. */
export type RuleCode = Extract<
  IssueCode,
  | 'RULE_FAILED'
  | 'FIELDS_CONFLICT'
  | 'FIELD_NEEDS_OTHER'
  | 'REFERENCE_UNKNOWN'
  | 'CONFLICTS_WITH_REQUEST'
  | 'VALUE_NOT_ALLOWED'
  | 'FIELD_REQUIRED'
  | 'ITEMS_NOT_UNIQUE'
  | 'ITEM_COUNT_OUT_OF_RANGE'
  | 'SECRET_NOT_ALLOWED'
>

/** What a rule says about a failure. Never put a value of the block into a text, unless its field is harmless by nature. */
export interface RuleFailure {
  /** The sentence after the path: `needs a source`. */
  readonly problem: string
  /** What to change. */
  readonly fix?: string
}

/** What a rule sees. Everything is read-only. */
export interface RuleInput<Value> {
  /** The block in the version of the rule, as its writer wrote it: without marker, and without defaults. */
  readonly value: Value
  /** The typed fields of the request; empty when the caller has no request. */
  readonly request: SandboxRequest
  /**
   * Reports a problem at a path such as `mounts[0].source`, or at the steps of one. The place is one that the rule reads, lies in
   * one, or is a missing member beside one; any other ends the rule and is reported as a fault of the driver.
   */
  fail(path: string | readonly PathToken[], code: RuleCode, failure: RuleFailure): void
}

/** Options of `rule`. */
export interface RuleOptions {
  /**
   * Path templates that the rule reads: `mounts[].source`. It runs only when all of them are structurally valid. `''` is the whole
   * block.
   */
  readonly reads: readonly string[]
  /** Counted up by hand when the meaning of the rule changes. @default 1 */
  readonly revision?: number
  /** `warn` reports `RULE_WOULD_FAIL` and accepts, for the time before a rule becomes strict. @default 'error' */
  readonly enforce?: 'error' | 'warn'
  /** The rule in words, for the published schema. */
  readonly description?: string
}

/** A scalar that a field is compared with. */
export type FieldConstant = string | number | boolean

/**
 * A condition between two members of one object as data: the first needs the second, they exclude each other, or one value of the
 * first needs one of the second. Both are path templates.
 */
export type PortableRule =
  | { readonly kind: 'requires' | 'exclusive'; readonly first: string; readonly second: string }
  | {
      readonly kind: 'implies'
      readonly first: string
      readonly second: string
      readonly firstIs: FieldConstant
      readonly secondIs: FieldConstant
    }

/** A condition between several fields, or between fields and the request. */
export interface ConfigRule<Value> extends RuleOptions {
  readonly name: string
  /** What `check` refuses, where JSON Schema can say it; the standard rules set it, and the published schema is made of it. */
  readonly portable?: PortableRule
  check(input: RuleInput<Value>): void
}

/** Declares a rule. The name is for reports, which show it as `name@revision`. */
export function rule<Value>(
  name: string,
  options: RuleOptions,
  check: (input: RuleInput<Value>) => void,
): ConfigRule<Value> {
  return { name, ...options, check }
}

/** What running rules needs to know about the block. */
export interface RuleSituation {
  readonly site: IssueSite
  readonly node: SchemaNode
  readonly request: SandboxRequest
  /** The driver in words, for the text about a rule that fails to run: `driver acme 1.4.0`. */
  readonly title: string
}

/**
 * Runs the rules whose fields are structurally valid. A rule that throws is the driver's fault and refuses the block; what it
 * threw is not shown, because it may hold values.
 */
export function runRules(
  rules: readonly ConfigRule<never>[],
  value: JsonObject,
  structure: readonly ConfigIssue[],
  situation: RuleSituation,
): ConfigIssue[] {
  if (rules.length === 0) return []
  const broken = structure
    .filter((issue) => issue.severity === 'error')
    .map((issue) => templateOf(situation.node, fromPointer(issue.pointer)))
  // The request is the caller's; rules get what they cannot change.
  const own = { ...situation, request: frozenCopy(situation.request) }
  return rules
    .filter((each) => !each.reads.some((template) => broken.some((place) => overlaps(template, place))))
    .flatMap((each) => runRule(each, value, own))
}

function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]) => [key, frozenCopy(member)] as const)
  const copy = Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries)
  return Object.freeze(copy) as Value
}

/** True when one template is the other or lies inside it. */
export function overlaps(a: string, b: string): boolean {
  return a === b || isInside(a, b) || isInside(b, a)
}

function isInside(inner: string, outer: string): boolean {
  return outer === '' || (inner.startsWith(outer) && /^[.[{]/.test(inner.slice(outer.length)))
}

function runRule(each: ConfigRule<never>, value: JsonObject, situation: RuleSituation): ConfigIssue[] {
  const issues: ConfigIssue[] = []
  const { site } = situation
  const name = `${each.name}@${each.revision ?? 1}`
  const fail: RuleInput<never>['fail'] = (path, code, { problem, fix }) => {
    const tokens = typeof path === 'string' ? parsePath(path) : path
    const template = templateOf(situation.node, tokens)
    if (!mayReport(each, template, tokens, value)) {
      issues.push(ruleFault(name, `reported ${formatPath(site.root, tokens)}, which it does not read`, situation))
      return
    }
    const soft = each.enforce === 'warn'
    const text = soft ? `${problem}; a later release will refuse this` : problem
    issues.push(createIssue(site, soft ? 'RULE_WOULD_FAIL' : code, tokens, { problem: text, fix, rule: name }))
  }
  try {
    const outcome: unknown = each.check({ value: value as never, request: situation.request, fail })
    if (silencePromise(outcome)) throw new TypeError('a rule must be synchronous')
  } catch {
    issues.push(ruleFault(name, 'failed to run', situation))
  }
  return issues
}

function ruleFault(name: string, what: string, { site, title }: RuleSituation): ConfigIssue {
  const fix = bugReportSentence(title)
  const message = `${site.root}: the rule ${name} ${what}. ${fix}`
  return createIssue(site, 'RULE_THREW', [], { message, fix, rule: name })
}

/** True for a place that a rule reads, for what lies in it, and for a missing member beside it. */
function mayReport(
  { reads }: ConfigRule<never>,
  template: string,
  tokens: readonly PathToken[],
  value: JsonObject,
): boolean {
  if (reads.some((read) => template === read || isInside(template, read))) return true
  const isSibling = reads.some((read) => parentOf(read) === parentOf(template))
  return isSibling && !hasMember(value, tokens)
}

function parentOf(template: string): string {
  return template.replace(/(?:\.?[^.[\]{}]+|\[\]|\{\})$/, '')
}
