import type { SandboxRequest } from '@openshell-ts/driver-config'

/** What a document is: one driver's block, an envelope with a block for each driver, or a template that has an envelope. */
export type ConfigShape = 'block' | 'envelope' | 'template'

/** Where a driver's block stands in a document. */
export interface ConfigSite {
  readonly shape: ConfigShape
  /** Steps to the block, also when there is none. */
  readonly steps: readonly string[]
  /** The block; `undefined` when the envelope has none for the driver. */
  readonly block: unknown
  /** Steps to the envelope; absent when the document is a block. */
  readonly envelopeSteps?: readonly string[]
  /** The envelope; absent when the document is a block. */
  readonly envelope?: unknown
  /** What a template says beside its blocks; absent when nothing is known about the request. */
  readonly request?: SandboxRequest
}

/** What tells a block from an envelope. */
export interface ConfigSiteOptions {
  readonly driverName: string
  /** Names of root fields of the block, of all versions. */
  readonly fieldNames: ReadonlySet<string>
  /** What the document is; found out when absent. */
  readonly shape?: ConfigShape
}

/** Where templates have their envelope, in files for clients and in the messages of gateways. */
const envelopePlaces: readonly (readonly string[])[] = ['driver_config', 'driverConfig'].flatMap((name) => [
  [name],
  ['template', name],
  ['spec', 'template', name],
])

/** Drivers that everybody knows: an envelope for them only is no block with wrong fields. */
const knownDrivers: ReadonlySet<string> = new Set(['docker', 'podman', 'kubernetes', 'vm', 'mxc'])

/** Finds the block of a driver in a document. */
export function findConfigSite(document: unknown, options: ConfigSiteOptions): ConfigSite {
  const { driverName, shape = guessShape(document, options) } = options
  if (shape === 'block') return { shape, steps: [], block: document }
  const envelopeSteps = shape === 'envelope' ? [] : (findEnvelope(document) ?? ['driver_config'])
  const envelope = memberAt(document, envelopeSteps)
  return {
    shape,
    steps: [...envelopeSteps, driverName],
    block: memberAt(envelope, [driverName]),
    envelopeSteps,
    envelope,
    ...(shape === 'template' ? { request: readRequest(memberAt(document, envelopeSteps.slice(0, -1))) } : {}),
  }
}

function guessShape(document: unknown, { driverName, fieldNames }: ConfigSiteOptions): ConfigShape {
  const own = (name: string) => fieldNames.has(name)
  const place = findEnvelope(document)
  if (place !== undefined && !own(place[0] ?? '')) return 'template'
  if (!isObject(document)) return 'block'
  const keys = Object.keys(document)
  if (keys.length === 0 || keys.some((key) => own(key) || !isObject(document[key]))) return 'block'
  return keys.some((key) => isDriverKey(key, driverName)) ? 'envelope' : 'block'
}

/** Case and separators apart: an envelope with a misspelled key should be told so. */
function isDriverKey(key: string, driverName: string): boolean {
  const folded = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, '')
  return knownDrivers.has(key) || folded(key) === folded(driverName)
}

function findEnvelope(document: unknown): readonly string[] | undefined {
  return envelopePlaces.find((place) => memberAt(document, place) !== undefined)
}

/** The typed fields of a template, as files for clients write them. */
function readRequest(template: unknown): SandboxRequest {
  const read = (name: string) => memberAt(template, [name])
  const [image, gpu, resources, environment] = ['image', 'gpu', 'resources', 'environment'].map(read)
  const count = memberAt(gpu, ['count'])
  return {
    ...(typeof image === 'string' ? { image } : {}),
    ...(gpu === undefined || gpu === false ? {} : { gpu: typeof count === 'number' ? { count } : {} }),
    ...(isObject(resources) ? { resources: readResources(resources) } : {}),
    environmentNames: isObject(environment) ? Object.keys(environment) : [],
  }
}

/** The amounts under the names that rules know them by when a gateway asks. */
function readResources(resources: unknown) {
  const amount = (kind: string, name: string) => String(memberAt(resources, [kind, name]) ?? '')
  return {
    cpuRequest: amount('requests', 'cpu'),
    cpuLimit: amount('limits', 'cpu'),
    memoryRequest: amount('requests', 'memory'),
    memoryLimit: amount('limits', 'memory'),
  }
}

function memberAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (place, step) => (isObject(place) && Object.hasOwn(place, step) ? place[step] : undefined),
    value,
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
