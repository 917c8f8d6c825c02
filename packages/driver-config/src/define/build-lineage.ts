import { forbiddenKeys } from '../check/guard.js'
import { type ConfigLimits, defaultLimits } from '../check/limits.js'
import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey, schemaKey } from '../check/marker.js'
import { listTemplates } from '../schema/list-templates.js'
import { readSchema } from '../schema/read-schema.js'
import { digestSchema } from '../schema/schema-digest.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import type { BuildOptions, VersionDeclaration } from './config-chain.js'
import type { ConfigDeclaration } from './define-driver-config.js'
import { DefinitionError } from './definition-error.js'
import { proveDefaults } from './prove-defaults.js'
import { proveExamples } from './prove-examples.js'

/** Turns a declaration into what the checks work on, and proves it on the way. */
export function buildLineage(declaration: ConfigDeclaration, options: BuildOptions): ConfigLineage {
  const { driverName } = declaration
  const versions = declaration.versions.map((version, index) => buildVersion(version, declaration, index))
  const [oldest] = versions
  const current = versions[versions.length - 1]
  if (oldest === undefined || current === undefined) {
    throw new DefinitionError({
      driverName,
      problem: 'there is no version.',
      hint: 'Declare version 1 before build().',
    })
  }
  const { migrateCommand, root = 'driver_config', unversioned = 1 } = declaration.options
  if (!Number.isSafeInteger(unversioned) || unversioned < 1 || unversioned > current.number) {
    const problem = `the version without a marker must be from 1 to ${current.number}.`
    throw new DefinitionError({ driverName, problem, hint: 'Set "unversioned" to it.' })
  }
  const lineage: ConfigLineage = {
    driverName,
    root,
    ...(migrateCommand === undefined ? {} : { migrateCommand }),
    min: oldest.number,
    max: current.number,
    baseline: unversioned,
    versions: new Map(versions.map((version) => [version.number, version])),
    current,
    hints: versions.map((version) => ({
      number: version.number,
      templates: new Set(listTemplates(version.node).map((entry) => entry.template)),
      replaces: version.replaces,
    })),
    limits: lowerLimits(options.limits ?? {}),
  }
  for (const version of declaration.versions) proveExamples(version, lineage)
  return lineage
}

function buildVersion(declared: VersionDeclaration, declaration: ConfigDeclaration, index: number): ConfigVersion {
  const { driverName } = declaration
  const { number, options } = declared
  const expected = (declaration.versions[0]?.number ?? 1) + index
  if (!Number.isSafeInteger(number) || number < 1 || number !== expected) {
    const problem = `version ${number} cannot stand here, expected ${Math.max(1, Math.trunc(expected) || 1)}.`
    throw new DefinitionError({ driverName, version: number, problem, hint: 'Number the versions one by one.' })
  }
  if (index > 0 && typeof options.up !== 'function') {
    const problem = 'there is no way from the version before.'
    throw new DefinitionError({ driverName, version: number, problem, hint: 'Pass "up".' })
  }
  const node = readVersionSchema(declared, driverName)
  return {
    number,
    node,
    status: options.status ?? 'stable',
    ...(options.since === undefined ? {} : { since: options.since }),
    ...(options.up === undefined ? {} : { up: options.up }),
    ...(options.down === undefined ? {} : { down: options.down }),
    replaces: options.replaces ?? {},
    digests: digestSchema(node),
  }
}

function readVersionSchema(declared: VersionDeclaration, driverName: string): SchemaNode {
  const version = declared.number
  try {
    const node = readSchema(declared.schema)
    if (node.kind !== 'object' && node.kind !== 'variant') {
      throw new SchemaProblem('', 'a block is an object with declared fields.', 'Write Type.Object({ … }) at the root.')
    }
    for (const { template } of listTemplates(node)) requireFreeName(template)
    proveDefaults(node)
    return node
  } catch (error) {
    if (!(error instanceof SchemaProblem)) throw error
    const { pointer, problem, hint } = error
    throw new DefinitionError({ driverName, version, schemaPointer: pointer, problem, hint })
  }
}

function requireFreeName(template: string): void {
  if (template !== markerKey && template !== schemaKey && !forbiddenKeys.has(template)) return
  throw new SchemaProblem(`/properties/${template}`, 'this root key is reserved.', 'Choose another name.')
}

function lowerLimits(lowered: Partial<ConfigLimits>): ConfigLimits {
  const limits: Record<string, number> = { ...defaultLimits }
  for (const [name, value] of Object.entries(lowered)) limits[name] = Math.min(value, limits[name] ?? value)
  return limits as unknown as ConfigLimits
}
