import type { ConfigLineage } from '../check/lineage.js'

const lineages = new WeakMap<object, ConfigLineage>()

/** Remembers what a config was built from, for the test kit: the public surface shows schemas, not nodes. */
export function rememberLineage<Config extends object>(config: Config, lineage: ConfigLineage): Config {
  lineages.set(config, lineage)
  return config
}

/** What a config was built from; `undefined` for one that this copy of the package did not build. */
export function lineageOf(config: object): ConfigLineage | undefined {
  return lineages.get(config)
}
