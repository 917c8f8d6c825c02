import type { Tombstone } from '../check/lineage.js'
import { type ConfigOwner, defaultRoot, ownerOf } from '../issue/owner-title.js'
import { buildLineage } from './build-lineage.js'
import type { BuildOptions, ConfigStart, VersionDeclaration } from './config-chain.js'
import { createDriverConfig } from './create-driver-config.js'
import { DefinitionError } from './definition-error.js'

/** Options of `defineDriverConfig`. */
export interface DefineDriverConfigOptions {
  /** The domain that error details name. @default `${driverName}.driver.openshell` */
  readonly domain?: string
  /** The version that a block without `schema_version` means; frozen for the life of the driver name. @default 1 */
  readonly unversioned?: number
  /** Name of the document root in paths and texts: `middleware_config`. @default 'driver_config' */
  readonly root?: string
  /** What owns the config, in texts. @default the words of `root` before `_config`: `driver`, `middleware` */
  readonly owner?: string
  /** The command that migrates a file, when the driver ships one: `acme-driver config migrate`. Texts then mention it. */
  readonly migrateCommand?: string
  /** What reports advise for secrets, as a phrase. @default 'use provider credentials instead' */
  readonly secretAlternative?: string
}

/** Everything that was declared before `build`. */
export interface ConfigDeclaration extends ConfigOwner {
  readonly options: DefineDriverConfigOptions
  readonly versions: readonly VersionDeclaration[]
  readonly tombstones: ReadonlyMap<number, Tombstone>
}

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
    removed: (number: number, tombstone: Tombstone) =>
      createStep({ ...declaration, tombstones: new Map([...declaration.tombstones, [number, tombstone]]) }),
    build: (options: BuildOptions<never, never> = {}) =>
      createDriverConfig(buildLineage(declaration, options), declaration.options, options),
  }
}
