import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import type { DriverConfig, PublishedExamples } from '../define/driver-config.js'
import type { JsonValue } from '../envelope/json-value.js'
import { toJsonSchema } from '../schema/json-schema.js'
import { digestJson } from '../schema/schema-digest.js'
import type { LockedVersion } from './config-lock.js'

/** The versions of a config as a lock holds them, by number; whether they are released is not the config's to say. */
export function recordVersions(
  config: DriverConfig<unknown>,
  lineage: ConfigLineage,
): ReadonlyMap<number, LockedVersion> {
  const records = config.schemas().flatMap(({ version: number, examples }): [number, LockedVersion][] => {
    const version = lineage.versions.get(number)
    return version === undefined ? [] : [[number, recordVersion(version, examples)]]
  })
  return new Map(records)
}

function recordVersion(version: ConfigVersion, examples: PublishedExamples): LockedVersion {
  const { status, since, digests, node, rules, operations, ignoresUnknownKeys } = version
  return {
    status,
    ...(since === undefined ? {} : { since }),
    shape_digest: digests.shape,
    text_digest: digests.text,
    schema: toJsonSchema(node),
    // A rule that only warns refuses nothing yet: it appears when it starts to.
    rules: rules
      .filter(({ enforce }) => enforce !== 'warn')
      .map(({ name, revision }) => `${name}@${revision ?? 1}`)
      .sort(),
    hop_digest: operations === undefined ? null : digestJson([...operations]),
    fixtures: digestJson(examples as unknown as JsonValue),
    ...(ignoresUnknownKeys ? { unknown_keys: 'warn' } : {}),
  }
}
