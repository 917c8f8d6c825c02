import type { DriverOnlyPart } from '../check/driver-only-part.js'
import type { Tombstone } from '../check/lineage.js'
import type { ConfigOwner } from '../issue/owner-title.js'
import type { VersionDeclaration } from './config-chain.js'

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
  /** What only the driver can do, when the declaration is one that was published. */
  readonly driverOnly?: readonly DriverOnlyPart[]
}
