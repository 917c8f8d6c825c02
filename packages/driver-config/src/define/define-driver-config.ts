import type { Tombstone } from '../check/lineage.js'
import { defaultRoot, ownerOf } from '../issue/owner-title.js'
import { buildLineage } from './build-lineage.js'
import type { BuildOptions, ConfigStart, VersionDeclaration } from './config-chain.js'
import type { ConfigDeclaration, DefineDriverConfigOptions } from './config-declaration.js'
import { createDriverConfig } from './create-driver-config.js'
import { DefinitionError } from './definition-error.js'

const driverNamePattern = /^[A-Za-z0-9_-]+$/

/**
 * Starts the declaration of a driver's config: `.version(1, …).version(2, …).build()`.
 *
 * @throws DefinitionError for a name that no gateway accepts: ASCII letters, digits, `-` and `_`.
 */
export function defineDriverConfig(driverName: string, options: DefineDriverConfigOptions = {}): ConfigStart {
  const { owner = ownerOf(options.root ?? defaultRoot) } = options
  if (!driverNamePattern.test(driverName)) {
    const hint = 'Use ASCII letters, digits, "-" and "_": gateways match the name exactly.'
    throw new DefinitionError({ driverName, owner, problem: `this is not a ${owner} name.`, hint })
  }
  // The chain checks types only; at run time every step is the same growing list.
  return createStep({ driverName, owner, options, versions: [], tombstones: new Map() }) as unknown as ConfigStart
}

function createStep(declaration: ConfigDeclaration): object {
  return {
    version: (number: number, schema: unknown, options: VersionDeclaration['options'] = {}) =>
      createStep({ ...declaration, versions: [...declaration.versions, { number, schema, options }] }),
    removed(number: number, tombstone: Tombstone) {
      const { driverName, owner, tombstones } = declaration
      if (tombstones.has(number)) {
        const problem = 'the version is removed twice.'
        throw new DefinitionError({ driverName, owner, version: number, problem, hint: 'Keep one of the tombstones.' })
      }
      return createStep({ ...declaration, tombstones: new Map([...tombstones, [number, tombstone]]) })
    },
    build: (options: BuildOptions<never, never> = {}) =>
      createDriverConfig(buildLineage(declaration, options), declaration, options),
  }
}
