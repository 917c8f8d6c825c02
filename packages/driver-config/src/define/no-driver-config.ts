import { guardValue } from '../check/guard.js'
import { defaultLimits } from '../check/limits.js'
import type { ParseContext } from '../check/lineage.js'
import { EnvelopeError } from '../envelope/envelope-error.js'
import { isJsonObject, type JsonObject } from '../envelope/json-value.js'
import type { CheckResult } from '../issue/check-result.js'
import { createIssue } from '../issue/config-issue.js'
import { DriverConfigError } from '../issue/driver-config-error.js'
import { defaultRoot, ownerOf, ownerTitle } from '../issue/owner-title.js'
import { digestJson } from '../schema/schema-digest.js'
import type { DefineDriverConfigOptions } from './config-declaration.js'
import type { DriverConfig } from './driver-config.js'
import { toStandardSchema } from './standard-schema.js'

/** What the handlers of a driver without a config get: an empty object. */
export type NoConfig = Readonly<Record<string, never>>

/** The config of a driver that takes none: absent and `{}` pass, anything else is refused, a lone marker too. */
export function noDriverConfig(
  driverName: string,
  options: Pick<DefineDriverConfigOptions, 'domain' | 'root' | 'owner'> = {},
): DriverConfig<NoConfig, NoConfig> {
  const { root = defaultRoot, owner = ownerOf(root), domain = `${driverName}.driver.openshell` } = options
  const title = ownerTitle({ driverName, owner }, undefined)
  const versions = Object.freeze({ min: 0, max: 0, baseline: 0 })
  const digest = digestJson({})
  const check = (block: unknown): CheckResult<NoConfig> =>
    block === undefined ? acceptNothing('absent', digest) : refuseContent(block, { title, root, digest })
  return Object.freeze<DriverConfig<NoConfig, NoConfig>>({
    driverName,
    domain,
    versions,
    safeParse: check,
    parse(block) {
      const result = check(block)
      if (!result.ok) throw new DriverConfigError(result.issues)
      return result.value
    },
    check: check as (block: unknown, context?: ParseContext) => CheckResult<JsonObject>,
    migrate: check as (block: unknown) => CheckResult<JsonObject>,
    block() {
      throw new EnvelopeError(root, `${title} takes no ${root}; leave the block out.`)
    },
    store: (_value, { driverVersion }) => ({
      schema_version: 0,
      driver_version: driverVersion,
      digest,
      config: {},
    }),
    restore: (stored) => check(isStampedEmpty(stored) ? {} : stored),
    checkResources: async () => [],
    '~standard': toStandardSchema(check, { input: emptySchema, output: emptySchema }),
    schemas: () => [],
    describe: () => ({ driverName, root, domain, versions, each: [] }),
    at: () => undefined,
  })
}

function emptySchema(): JsonObject {
  return { type: 'object', maxProperties: 0 }
}

function isStampedEmpty(stored: unknown): boolean {
  const guarded = guardValue(stored, defaultLimits, { root: 'stored', schemaVersion: 0 })
  const config = guarded.ok && isJsonObject(guarded.value) ? guarded.value['config'] : undefined
  return isJsonObject(config) && Object.keys(config).length === 0
}

function acceptNothing(arrival: 'absent' | 'present', digest: string): CheckResult<NoConfig> {
  return { ok: true, value: Object.freeze({}), warnings: [], declaredVersion: 0, arrival, digest }
}

function refuseContent(
  block: unknown,
  { title, root, digest }: { title: string; root: string; digest: string },
): CheckResult<NoConfig> {
  const site = { root, schemaVersion: 0 }
  const guarded = guardValue(block, defaultLimits, site)
  const isEmpty = guarded.ok && isJsonObject(guarded.value) && Object.keys(guarded.value).length === 0
  if (isEmpty) return acceptNothing('present', digest)
  const fix = 'remove the block.'
  const message = `${title} takes no ${root}; ${fix}`
  return { ok: false, issues: [createIssue(site, 'CONFIG_NOT_SUPPORTED', [], { message, fix })], warnings: [] }
}
