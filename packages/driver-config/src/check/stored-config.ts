import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import type { CheckResult } from '../issue/check-result.js'
import { type ConfigIssue, createIssue } from '../issue/config-issue.js'
import { DriverConfigError } from '../issue/driver-config-error.js'
import { endSentence } from '../issue/end-sentence.js'
import { bugReportSentence, defaultRoot, ownerTitle } from '../issue/owner-title.js'
import { type CheckedBlock, checkFixed } from './check-declared.js'
import { guardValue } from './guard.js'
import type { ConfigLineage, ConfigVersion, ParseContext } from './lineage.js'
import { markerKey, supportedRange } from './marker.js'
import { migrateValue } from './migrate.js'
import { completeBlock } from './parse.js'

/** A config as a driver keeps it on disk: stamped outside the config, so that any later driver knows what it reads. */
export interface StoredConfig {
  readonly schema_version: number
  /** The driver that wrote it. */
  readonly driver_version: string
  /** `sha256:…` of the shape that the config was written in. */
  readonly digest: string
  readonly config: JsonObject
}

/** Room for the stamp around a config that is as deep and as large as a block may be. */
const stampDepth = 1
const stampBytes = 1_024

/**
 * Stamps a value of the current version for the disk, in version `writes`.
 *
 * @throws DriverConfigError when the way down fails, which is the driver's fault.
 */
export function storeConfig(
  value: JsonObject,
  writes: number,
  lineage: ConfigLineage,
  driverVersion: string,
): StoredConfig {
  const result = migrateValue(value, lineage.max, writes, lineage, { driverVersion })
  if (!result.ok) throw new DriverConfigError([result.issue])
  const digest = lineage.versions.get(writes)?.digests.shape ?? lineage.current.digests.shape
  return { schema_version: writes, driver_version: driverVersion, digest, config: structuredClone(result.value) }
}

/**
 * Reads a stored config and brings it to the current version, in memory; what is on disk stays as it is.
 *
 * A rule that has become stricter since the config was written is a warning, because nobody changed the config; a shape that
 * is not valid is not forgiven. A config of a newer driver is nobody's mistake, so the fault is the environment's.
 */
export function restoreConfig(stored: unknown, lineage: ConfigLineage, context: ParseContext): CheckResult<JsonObject> {
  const limits = {
    ...lineage.limits,
    depth: lineage.limits.depth + stampDepth,
    encodedBytes: lineage.limits.encodedBytes + stampBytes,
  }
  const guarded = guardValue(stored, limits, { root: lineage.root, schemaVersion: 0 })
  const stamp = guarded.ok ? readStamp(guarded.value) : undefined
  if (stamp === undefined) return refuse(invalid('it has no valid stamp', lineage, context))
  const version = lineage.versions.get(stamp.version)
  if (version === undefined) return refuse(unsupported(stamp, lineage, context))
  const checked = checkFixed(stamp.config, version, lineage, context)
  const first = checked.ok ? checked.structure.find((issue) => issue.severity === 'error') : checked.issues[0]
  if (!checked.ok || first !== undefined) {
    const reason = endSentence(first?.message ?? 'it cannot be read')
    return refuse(invalid(`${reason}${describeShapes(stamp, version, lineage)}`, lineage, context))
  }
  return ratchet(completeBlock(forgiveRules(checked), lineage, context), lineage, context, checked)
}

function forgiveRules(checked: CheckedBlock): CheckedBlock {
  return { ...checked, issues: checked.issues.map(forgive) }
}

/** Rules of the current version are forgiven as well: a second run leaves them out of the errors. */
function ratchet(
  result: CheckResult<JsonObject>,
  lineage: ConfigLineage,
  context: ParseContext,
  checked: CheckedBlock,
): CheckResult<JsonObject> {
  const forgiven = result.ok ? [] : result.issues.filter(isForgivable)
  if (forgiven.length === 0) return result
  const lenient: ConfigLineage = { ...lineage, current: { ...lineage.current, rules: [] } }
  const again = completeBlock(forgiveRules(checked), lenient, context)
  return { ...again, warnings: [...again.warnings, ...forgiven.map(forgive)] }
}

function forgive(issue: ConfigIssue): ConfigIssue {
  return isForgivable(issue) ? { ...issue, code: 'RULE_WOULD_FAIL', severity: 'warning' } : issue
}

function isForgivable(issue: ConfigIssue): boolean {
  return issue.rule !== undefined && issue.fault === 'user' && issue.severity === 'error'
}

interface Stamp {
  readonly version: number
  readonly driverVersion: string
  /** `sha256:…`; empty when the stamp has none that could be printed. */
  readonly digest: string
  readonly config: JsonValue
}

/** Says that a version was changed after it was stored, when no version of this release has the stored shape. */
function describeShapes(stamp: Stamp, version: ConfigVersion, lineage: ConfigLineage): string {
  const isKnown = [...lineage.versions.values()].some((each) => each.digests.shape === stamp.digest)
  if (isKnown || stamp.digest === '') return ''
  const shapes = `It was stored with shape ${stamp.digest}, and here the shape is ${version.digests.shape}.`
  return ` ${markerKey} ${version.number} was changed without a new version: ${shapes}`
}

function readStamp(stored: JsonValue): Stamp | undefined {
  if (!isJsonObject(stored)) return undefined
  const { schema_version: version, driver_version: driverVersion, digest: written, config } = stored
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || typeof driverVersion !== 'string')
    return undefined
  // Anything else could be a value that must not be printed.
  const digest = typeof written === 'string' && /^sha256:[0-9a-f]{64}$/.test(written) ? written : ''
  return config === undefined ? undefined : { version, driverVersion, digest, config }
}

function unsupported(stamp: Stamp, lineage: ConfigLineage, context: ParseContext): ConfigIssue {
  const isNewer = stamp.version > lineage.max
  const site = { root: lineage.root, schemaVersion: stamp.version }
  // A driver's config belongs to a sandbox.
  const what = lineage.root === defaultRoot ? 'sandbox' : 'config'
  const fix = isNewer ? `Run the newer ${lineage.owner} again, or create the ${what} anew.` : `Create the ${what} anew.`
  const state = `the stored ${lineage.root} has schema_version ${stamp.version}, written by another release`
  const message = `${state}, but ${ownerTitle(lineage, context.driverVersion)} supports ${supportedRange(lineage)}. ${fix}`
  const code = isNewer ? 'SCHEMA_VERSION_TOO_NEW' : 'SCHEMA_VERSION_REMOVED'
  return createIssue(site, code, [], { message, fix, fault: 'environment', otherVersion: lineage.max })
}

function invalid(reason: string, lineage: ConfigLineage, context: ParseContext): ConfigIssue {
  const fix = bugReportSentence(ownerTitle(lineage, context.driverVersion))
  const message = `${lineage.root}: the stored config is not valid: ${endSentence(reason)} ${fix}`
  return createIssue({ root: lineage.root, schemaVersion: lineage.max }, 'STORED_CONFIG_INVALID', [], { message, fix })
}

function refuse(issue: ConfigIssue): CheckResult<never> {
  return { ok: false, issues: [issue], warnings: [] }
}
