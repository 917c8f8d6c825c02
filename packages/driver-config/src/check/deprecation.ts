import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import { type ConfigIssue, createIssue, type IssueSite } from '../issue/config-issue.js'
import { membersAt } from './members-at.js'

/** Why something should no longer be used, and what to do. */
export interface Deprecation {
  /** The driver version since which it is deprecated. */
  readonly since: string
  /** One sentence for users: what happens and what to do. */
  readonly message: string
  /** Path templates of what replaces it. */
  readonly replacedBy?: readonly string[]
  /** Where to read more. */
  readonly url?: string
  /** The version that no longer has it. */
  readonly removedIn?: number
  /** The day after which it may go: `2027-01-31`. Only tools that own a clock compare it. */
  readonly sunset?: string
}

/**
 * Deprecated fields by path template: `mounts[].ro`; deprecated values as `mounts[].type=nfs`; the version itself as `''`, which
 * makes its status `deprecated`.
 */
export type Deprecations = Readonly<Record<string, Deprecation>>

/** Warnings for deprecated fields and values that the user wrote; never for what a default filled in. */
export function warnAboutDeprecations(deprecations: Deprecations, body: JsonObject, site: IssueSite): ConfigIssue[] {
  return Object.entries(deprecations).flatMap(([place, deprecation]) => {
    const { template, value } = parseDeprecatedPlace(place)
    if (template === '') return []
    const members = membersAt(body, template).filter((member) => value === undefined || isWritten(member.value, value))
    const [first] = members
    if (first === undefined) return []
    const code = value === undefined ? 'FIELD_DEPRECATED' : 'VALUE_DEPRECATED'
    const what = value === undefined ? '' : `the value "${value}" is `
    return [createIssue(site, code, first.tokens, describeDeprecation(deprecation, what))]
  })
}

/** What a key of `Deprecations` stands for. */
export function parseDeprecatedPlace(place: string): { readonly template: string; readonly value?: string } {
  const cut = place.indexOf('=')
  return cut === -1 ? { template: place } : { template: place.slice(0, cut), value: place.slice(cut + 1) }
}

/** Numbers and booleans are written in a key as JSON writes them. */
function isWritten(value: JsonValue, text: string): boolean {
  return typeof value !== 'object' && String(value) === text
}

/** The texts of a deprecation warning; `what` comes before the word "deprecated". */
export function describeDeprecation(deprecation: Deprecation, what: string) {
  const { since, message, replacedBy, url, removedIn, sunset } = deprecation
  const until = [
    removedIn === undefined ? undefined : `schema_version ${removedIn} does not have it`,
    sunset === undefined ? undefined : `it may go after ${sunset}`,
  ].filter((part) => part !== undefined)
  const problem = `${what}deprecated since ${since}: ${[message.replace(/\.$/, ''), ...until].join('; ')}`
  const fix =
    replacedBy === undefined ? 'Stop using it.' : `Use ${replacedBy.map((path) => `"${path}"`).join(' and ')}.`
  return { problem, fix, suggestion: replacedBy?.[0], url, otherVersion: removedIn }
}
