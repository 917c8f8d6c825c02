import type { ConfigLineage } from '../check/lineage.js'
import { ownerOf } from '../issue/owner-title.js'
import { DefinitionError } from './definition-error.js'
import type { DriverConfig } from './driver-config.js'
import { lineageOf } from './lineage-of.js'

/**
 * What a config was built from, for those who cannot do without; `purpose` is a verb: `publish`.
 *
 * @throws DefinitionError for a config that takes nothing, and for one that another copy of the package built.
 */
export function requireLineage(config: DriverConfig<unknown>, purpose: string): ConfigLineage {
  const lineage = lineageOf(config)
  if (lineage !== undefined) return lineage
  const { driverName, versions } = config
  const owner = ownerOf(config.describe().root)
  if (versions.max === 0) {
    throw new DefinitionError({ driverName, owner, problem: `it takes no config, so there is nothing to ${purpose}.` })
  }
  const problem = 'it was built by another copy of this package.'
  const hint = `${purpose[0]?.toUpperCase()}${purpose.slice(1)} it with the copy that built it.`
  throw new DefinitionError({ driverName, owner, problem, hint })
}
