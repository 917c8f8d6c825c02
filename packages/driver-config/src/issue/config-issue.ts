import { type IssueCode, type IssueFault, type IssueSeverity, issueCodes } from './codes.js'
import { formatPath, type PathToken, toPointer } from './path.js'

/** One problem of a config block, complete without its neighbours. It never contains a value from the block. */
export interface ConfigIssue {
  /** Stable machine code to branch on. */
  readonly code: IssueCode
  /** `error` or `warning`. */
  readonly severity: IssueSeverity
  /** Who can remove the cause. */
  readonly fault: IssueFault
  /** RFC 6901 pointer inside the block, `''` for the block itself; the pointer of the missing member for a missing field. */
  readonly pointer: string
  /** The same place for people: `driver_config.mounts[0].read_only`. */
  readonly path: string
  /** One sentence that starts with the path and is complete without the other fields. */
  readonly message: string
  /** What to change, as an instruction. */
  readonly fix?: string
  /** What the schema wants at this place. */
  readonly expected?: string
  /** The kind or the length class of what stands there, never the value. */
  readonly received?: string
  /** The declared names or values, when the list is short. */
  readonly allowed?: readonly string[]
  /** The declared name that is nearest to what was written. */
  readonly suggestion?: string
  /** The version that the block declares; 0 when the driver takes no config. */
  readonly schemaVersion: number
  /** The version that a hint speaks of. */
  readonly otherVersion?: number
  /** The rule that failed, as `name@revision`. */
  readonly rule?: string
  /** Where to read more. */
  readonly url?: string
}

/** The place that an issue is reported for: the same for all issues of one block. */
export interface IssueSite {
  /** Name of the document root in paths, for example `driver_config`. */
  readonly root: string
  /** The declared version. */
  readonly schemaVersion: number
}

/** What differs from issue to issue. */
export interface IssueFields {
  /** The sentence after the path: `must be a string, got a list`. */
  readonly problem?: string
  /** The whole sentence, for texts that do not start with the path and a colon. */
  readonly message?: string
  readonly fix?: string | undefined
  readonly expected?: string | undefined
  readonly received?: string | undefined
  readonly allowed?: readonly string[] | undefined
  readonly suggestion?: string | undefined
  readonly otherVersion?: number | undefined
  readonly rule?: string | undefined
  readonly url?: string | undefined
  readonly severity?: IssueSeverity
  readonly fault?: IssueFault
}

/** Creates an issue with a fixed order of properties, so that equal problems serialise to equal bytes. */
export function createIssue(
  site: IssueSite,
  code: IssueCode,
  tokens: readonly PathToken[],
  fields: IssueFields,
): ConfigIssue {
  const entry = issueCodes[code]
  const path = formatPath(site.root, tokens)
  const issue: { -readonly [Key in keyof ConfigIssue]: ConfigIssue[Key] } = {
    code,
    severity: fields.severity ?? entry.severity,
    fault: fields.fault ?? entry.fault,
    pointer: toPointer(tokens),
    path,
    message: fields.message ?? `${path}: ${fields.problem ?? entry.summary}`,
    fix: fields.fix ?? entry.fix,
  } as ConfigIssue
  const { expected, received, allowed, suggestion, otherVersion, rule, url } = fields
  if (expected !== undefined) issue.expected = expected
  if (received !== undefined) issue.received = received
  if (allowed !== undefined) issue.allowed = allowed
  if (suggestion !== undefined) issue.suggestion = suggestion
  issue.schemaVersion = site.schemaVersion
  if (otherVersion !== undefined) issue.otherVersion = otherVersion
  if (rule !== undefined) issue.rule = rule
  if (url !== undefined) issue.url = url
  return issue
}
