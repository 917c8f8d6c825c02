import {
  type ConfigVersionInfo,
  type DriverConfig,
  type PublishedSchema,
  publishConfig,
  readConformance,
} from '@openshell-ts/driver-config'

/** A rule of a version. */
export interface RuleData {
  readonly name: string
  readonly revision: number
  readonly reads: readonly string[]
  readonly enforce: 'error' | 'warn'
  readonly description?: string
}

/** What a page about a version is made of. */
export interface VersionData extends PublishedSchema, Pick<ConfigVersionInfo, 'status' | 'since' | 'deprecated'> {
  readonly rules: readonly RuleData[]
  /** Codes that reports about blocks of this version have, in the order of their places. */
  readonly codes: readonly string[]
  /** Fields of the version before, and what replaces them here. */
  readonly replaces: Readonly<Record<string, string>>
}

/** What a config publishes beside the schemas of its versions. */
export interface ConfigData {
  readonly root: string
  readonly limits: Readonly<Record<string, number>>
  readonly gates: readonly string[]
  readonly lookups: readonly { readonly what: string; readonly path: string }[]
  /** Oldest first. */
  readonly versions: readonly VersionData[]
}

interface BundleData extends Pick<ConfigData, 'root' | 'limits' | 'gates' | 'lookups'> {
  readonly versions: readonly { readonly version: number; readonly rules: readonly RuleData[] }[]
  readonly hops: readonly HopData[]
}

interface HopData {
  readonly to: number
  readonly ops: readonly Readonly<Record<string, unknown>>[]
  readonly replaces: Readonly<Record<string, string>>
}

/** Everything that pages show, from what is published: a page cannot say something else than the documents beside it. */
export function readPublishedData(config: DriverConfig<unknown>): ConfigData {
  const { bundle, files } = publishConfig(config)
  // The package that writes a bundle is the one that this reads.
  const { versions, hops, ...data } = bundle.value['x-bundle'] as unknown as BundleData
  const infos = new Map(config.describe().each.map((info) => [info.number, info]))
  const codes = listCodes(files.find(({ name }) => name === 'conformance.json')?.text ?? '')
  return {
    ...data,
    versions: config.schemas().map((published) => {
      const { version } = published
      const { status = 'stable', since, deprecated } = infos.get(version) ?? {}
      return {
        ...published,
        status,
        ...(since === undefined ? {} : { since }),
        ...(deprecated === undefined ? {} : { deprecated }),
        rules: versions.find((each) => each.version === version)?.rules ?? [],
        codes: codes.get(version) ?? [],
        replaces: listReplaced(hops.find(({ to }) => to === version)),
      }
    }),
  }
}

function listReplaced(hop: HopData | undefined): Readonly<Record<string, string>> {
  const renamed = (hop?.ops ?? []).flatMap(({ op, path, to }) =>
    (op === 'rename' || op === 'move') && typeof path === 'string' && typeof to === 'string'
      ? [[path, op === 'rename' ? path.replace(/[^.]+$/, to) : to] as const]
      : [],
  )
  return { ...Object.fromEntries(renamed), ...hop?.replaces }
}

/** The codes that the published vectors of each version give. */
function listCodes(conformance: string): Map<number, string[]> {
  const codes = new Map<number, string[]>()
  for (const { id, expect } of readConformance(conformance)) {
    const [, version] = /^[a-z]+\/v(\d+)(?:\/|$)/.exec(id) ?? []
    if (version === undefined) continue
    const known = codes.get(Number(version)) ?? []
    const told = expect.ok ? expect.warnings : expect.issues
    codes.set(Number(version), [...new Set([...known, ...told.map(({ code }) => code)])])
  }
  return codes
}
