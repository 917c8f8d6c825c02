import { type JsonObject, type JsonValue, suggestNames } from '@openshell-ts/driver-config/envelope'
import type { SandboxCreateSpec } from '../model/template.js'

/** Something in a block that would vanish, or do what is not meant, without a word. */
export interface BlockAdvice {
  /** Place in the block, such as `driver_config.pod.tolerations[0].toleration_seconds`. */
  readonly path: string
  readonly message: string
}

/** The parts of a spec that Kubernetes takes before those of a block. */
export type TypedParts = Pick<SandboxCreateSpec, 'resources' | 'gpu' | 'rawSpec'>

const AMOUNTS = ['cpu', 'memory'] as const
const TOLERATION_KEYS = ['key', 'operator', 'value', 'effect', 'tolerationSeconds']

/** What of a Kubernetes block the driver does not say, beside the other parts of its spec. */
export function kubernetesAdvice(block: JsonObject, typed: TypedParts): BlockAdvice[] {
  return [...runtimeClassAdvice(block, typed), ...amountAdvice(block, typed), ...tolerationAdvice(block)]
}

function runtimeClassAdvice(block: JsonObject, { rawSpec }: TypedParts): BlockAdvice[] {
  const typed = rawSpec?.template?.['runtimeClassName']
  if (!typed || !memberOf(block, 'pod', 'runtime_class_name')) return []
  return [vanishes('pod.runtime_class_name', 'rawSpec.template.runtimeClassName')]
}

function amountAdvice(block: JsonObject, { resources = {}, gpu }: TypedParts): BlockAdvice[] {
  const { limits = {}, requests = {} } = resources
  // What is promised is by default what is allowed at most.
  const typed = { limits, requests: { ...limits, ...requests } }
  return (['limits', 'requests'] as const).flatMap((section) => {
    const place = `containers.agent.resources.${section}`
    const amounts = memberOf(block, ...place.split('.'))
    if (!isObject(amounts)) return []
    const beaten = AMOUNTS.filter((name) => name in amounts && typed[section][name] !== undefined)
    const gpus = Object.keys(amounts).filter((name) => /\bgpu\b/i.test(name))
    return [
      ...beaten.map((name) => vanishes(`${place}.${name}`, `resources.${limits[name] ? 'limits' : section}.${name}`)),
      ...gpus.map((name) => ({
        path: `driver_config.${place}[${JSON.stringify(name)}]`,
        message:
          gpu === undefined
            ? 'goes past the request for GPUs; use gpu of the spec'
            : 'has no effect beside gpu of the spec',
      })),
    ]
  })
}

function tolerationAdvice(block: JsonObject): BlockAdvice[] {
  const tolerations = memberOf(block, 'pod', 'tolerations')
  if (!Array.isArray(tolerations)) return []
  return tolerations.flatMap((toleration: JsonValue, at) =>
    Object.keys(isObject(toleration) ? toleration : {})
      .filter((key) => !TOLERATION_KEYS.includes(key))
      .map((key) => {
        const [nearest] = suggestNames(key, TOLERATION_KEYS)
        const advice = nearest === undefined ? `it knows ${TOLERATION_KEYS.join(', ')}` : `did you mean "${nearest}"?`
        return { path: `driver_config.pod.tolerations[${at}].${key}`, message: `is no key of Kubernetes; ${advice}` }
      }),
  )
}

function vanishes(place: string, typed: string): BlockAdvice {
  return { path: `driver_config.${place}`, message: `has no effect beside ${typed} of the spec` }
}

function memberOf(block: JsonObject, ...keys: readonly string[]): JsonValue | undefined {
  return keys.reduce<JsonValue | undefined>(
    (at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    block,
  )
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
