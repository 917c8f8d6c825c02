import { type ConfigLimits, defaultLimits } from '../check/limits.js'
import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { type ConfigOwner, defaultRoot } from '../issue/owner-title.js'
import { listTemplates } from '../schema/list-templates.js'
import { buildVersion } from './build-version.js'
import type { BuildOptions } from './config-chain.js'
import type { ConfigDeclaration } from './config-declaration.js'
import { DefinitionError } from './definition-error.js'
import { proveExamples } from './prove-examples.js'

/** Turns a declaration into what the checks work on, and proves it on the way. */
export function buildLineage(declaration: ConfigDeclaration, options: BuildOptions<never, never>): ConfigLineage {
  const { driverName, owner, tombstones } = declaration
  const named = { driverName, owner }
  proveNumbers(declaration)
  const versions = buildVersions(declaration, options)
  const [oldest] = versions
  const current = versions[versions.length - 1]
  if (oldest === undefined || current === undefined) {
    throw new DefinitionError({
      ...named,
      problem: 'there is no version.',
      hint: 'Declare version 1 before build().',
    })
  }
  const { migrateCommand, root = defaultRoot, unversioned = 1, secretAlternative } = declaration.options
  proveBaseline(unversioned, current.number, named)
  const lineage: ConfigLineage = {
    ...named,
    root,
    ...(migrateCommand === undefined ? {} : { migrateCommand }),
    secretAlternative: secretAlternative ?? 'use provider credentials instead',
    min: oldest.number,
    max: current.number,
    baseline: unversioned,
    versions: new Map(versions.map((version) => [version.number, version])),
    current,
    hints: versions.map(({ number, node, replaces }) => ({
      number,
      templates: new Set(listTemplates(node).map((entry) => entry.template)),
      replaces,
    })),
    tombstones,
    gates: options.gates ?? [],
    resources: options.resources ?? [],
    ...(declaration.driverOnly === undefined ? {} : { driverOnly: declaration.driverOnly }),
    limits: lowerLimits(options.limits ?? {}, declaration),
  }
  proveWrites(options.writes, lineage)
  // Examples of a bundle may depend on what only its driver does.
  if (declaration.driverOnly !== undefined) return lineage
  for (const version of declaration.versions) proveExamples(version, lineage)
  return lineage
}

function buildVersions(declaration: ConfigDeclaration, options: BuildOptions<never, never>): ConfigVersion[] {
  const { rules = [], deprecated = {}, resources = [] } = options
  const limits = lowerLimits(options.limits ?? {}, declaration)
  const versions: ConfigVersion[] = []
  for (const [index, declared] of declaration.versions.entries()) {
    const isCurrent = index === declaration.versions.length - 1
    const additions = isCurrent ? { rules, deprecated, resources, limits } : { limits }
    versions.push(buildVersion(declared, versions[index - 1], additions, declaration))
  }
  return versions
}

function proveNumbers({ driverName, owner, versions, tombstones }: ConfigDeclaration): void {
  const named = { driverName, owner }
  const first = versions[0]?.number ?? 1
  for (const [index, { number, options }] of versions.entries()) {
    if (!Number.isSafeInteger(number) || number < 1 || number !== first + index) {
      const problem = `version ${number} cannot stand here.`
      throw new DefinitionError({
        ...named,
        version: number,
        problem,
        hint: 'Count the versions up from 1, one by one.',
      })
    }
    if (options.unknownKeys === 'warn' && number !== 1) {
      const problem = 'only version 1 may let unknown keys pass.'
      throw new DefinitionError({ ...named, version: number, problem, hint: 'Remove "unknownKeys".' })
    }
  }
  for (const number of tombstones.keys()) {
    if (Number.isSafeInteger(number) && number >= 1 && number < first) continue
    const problem = 'a removed version is older than every version that is read.'
    throw new DefinitionError({ ...named, version: number, problem, hint: 'Correct the number in removed().' })
  }
}

function proveBaseline(unversioned: number, newest: number, { driverName, owner }: ConfigOwner): void {
  if (Number.isSafeInteger(unversioned) && unversioned >= 1 && unversioned <= newest) return
  const problem = `the version without a marker must be from 1 to ${newest}.`
  throw new DefinitionError({ driverName, owner, problem, hint: 'Set "unversioned" to it.' })
}

function proveWrites(writes: number | undefined, lineage: ConfigLineage): void {
  if (writes === undefined || writes === lineage.max) return
  const hasDown = writes === lineage.max - 1 && lineage.current.down !== undefined && lineage.versions.has(writes)
  if (hasDown) return
  const problem = `"writes" must be ${lineage.max}, or ${lineage.max - 1} when the current version has a way down.`
  const { driverName, owner } = lineage
  throw new DefinitionError({ driverName, owner, problem, hint: 'Correct it, or add "down".' })
}

function lowerLimits(lowered: Partial<ConfigLimits>, { driverName, owner }: ConfigOwner): ConfigLimits {
  const lower = (name: keyof ConfigLimits): number => {
    const limit = lowered[name] ?? defaultLimits[name]
    if (Number.isSafeInteger(limit) && limit >= 1) return Math.min(limit, defaultLimits[name])
    const problem = `the limit "${name}" must be a whole number from 1.`
    throw new DefinitionError({ driverName, owner, problem, hint: 'Correct it.' })
  }
  return {
    encodedBytes: lower('encodedBytes'),
    depth: lower('depth'),
    keys: lower('keys'),
    keyLength: lower('keyLength'),
    stringLength: lower('stringLength'),
    items: lower('items'),
  }
}
