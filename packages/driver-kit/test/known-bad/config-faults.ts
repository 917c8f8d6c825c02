import { status as codes, type ServiceError } from '@grpc/grpc-js'
import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import type { ValidateSandboxCreateRequest } from '@openshell-ts/protocol/compute'
import { type DriverFault, toServiceError } from './forwarding-driver.js'
import type { KnownBad } from './known-bad.js'

/** Drivers that read their block wrongly, or refuse it in ways that do not help. */
export const configFaults: readonly KnownBad[] = [
  {
    driver: 'ignores unknown keys',
    mustFail: 'selected/unknown-block',
    fault: readsBlockAs((block) =>
      keepKeys(block, ['schema_version', '$schema', 'size', 'size_bytes', 'mode', 'labels']),
    ),
  },
  {
    driver: 'ignores unknown keys inside lists',
    mustFail: 'unknown/v2/labels[]',
    fault: readsBlockAs(({ labels, ...block }) =>
      Array.isArray(labels)
        ? { ...block, labels: labels.map((label) => (isObject(label) ? keepKeys(label, ['name', 'hidden']) : label)) }
        : withoutUndefined({ ...block, labels }),
    ),
  },
  {
    driver: 'drops numbers',
    mustFail: 'bounds/v2/size_bytes',
    fault: readsBlockAs((block) => (typeof block['size_bytes'] === 'number' ? { ...block, size_bytes: 1 } : block)),
  },
  {
    driver: 'reads texts as numbers',
    mustFail: 'types/v2/size_bytes',
    fault: readsBlockAs((block) => (typeof block['size_bytes'] === 'string' ? { ...block, size_bytes: 1 } : block)),
  },
  {
    driver: 'reads null as absent',
    mustFail: 'null/v2/mode',
    fault: readsBlockAs((block) => Object.fromEntries(Object.entries(block).filter(([, value]) => value !== null))),
  },
  {
    driver: 'takes any word for an enum',
    mustFail: 'enum/v2/mode',
    fault: readsBlockAs((block) => (typeof block['mode'] === 'string' ? { ...block, mode: 'safe' } : block)),
  },
  {
    driver: 'does not require what its schema requires',
    mustFail: 'required/v2/size_bytes',
    fault: readsBlockAs((block) => (block['schema_version'] === 2 ? { size_bytes: 1, ...block } : block)),
  },
  {
    driver: 'reads an absent version as the latest',
    mustFail: 'marker/absent-means-baseline',
    fault: readsBlockAs((block) => (Object.keys(block).length === 0 ? block : { schema_version: 2, ...block })),
  },
  {
    driver: 'accepts versions that are too new',
    mustFail: 'marker/too-new',
    fault: readsBlockAs((block) => (Number(block['schema_version']) > 2 ? {} : block)),
  },
  {
    driver: 'echoes what it refuses',
    mustFail: 'secrets/unknown-key',
    fault: refusesWith((error, request) => {
      const block = request.sandbox?.spec?.template?.driverConfig
      return toServiceError(error.code, `${error.details} The block was ${JSON.stringify(block).slice(0, 500)}.`)
    }),
  },
  {
    driver: 'reports the first problem only',
    mustFail: 'errors/all-problems',
    fault: refusesWith(({ code, details }) => toServiceError(code, details.split('\n').slice(0, 2).join('\n'))),
  },
  {
    driver: 'sends details that do not belong to its message',
    mustFail: 'errors/status-matches',
    fault: refusesWith((error) => Object.assign(error, { details: `${error.details}.` })),
  },
  {
    driver: 'names no field',
    mustFail: 'errors/path',
    fault: refusesWith(({ code }) => toServiceError(code, 'the driver_config is not valid')),
  },
  {
    driver: 'says more than fits',
    mustFail: 'limits/keys',
    fault: refusesWith(({ code, details }) => toServiceError(code, details.padEnd(9_000, '.'))),
  },
  {
    driver: 'crashes on a wrong kind',
    mustFail: 'types/v2/labels[]',
    fault: refusesWith((error) =>
      error.details.includes('labels[0]') ? toServiceError(codes.INTERNAL, 'labels[0].name of undefined') : error,
    ),
  },
  {
    driver: 'accepts more than its schema',
    mustFail: 'agreement/v2',
    fault: readsBlockAs((block) => (Array.isArray(block['labels']) ? { ...block, labels: [] } : block)),
  },
  {
    driver: 'refuses its own example',
    mustFail: 'examples/v1',
    fault: readsBlockAs((block) => ('size' in block ? { ...block, size: 10 } : block)),
  },
  {
    driver: 'validates an old version and does not create it',
    mustFail: 'migration/v1',
    fault: {
      calls: {
        async createSandbox(request, good) {
          if (request.sandbox?.spec?.template?.driverConfig?.['schema_version'] === 1) {
            throw toServiceError(codes.FAILED_PRECONDITION, 'schema_version 1 is too old')
          }
          return good.unary('createSandbox', request)
        },
      },
    },
  },
  {
    driver: 'skips numbers that are none',
    mustFail: 'wire/nan',
    fault: readsBlockAs((block) =>
      Object.fromEntries(Object.entries(block).filter(([, value]) => !Number.isNaN(value))),
    ),
  },
  {
    driver: 'lets numbers that are none pass a range check',
    mustFail: 'wire/v2',
    fault: readsBlockAs((block) => (Number.isFinite(block['size_bytes'] ?? 1) ? block : { ...block, size_bytes: 1 })),
  },
  {
    driver: 'refuses an invalid example with another code',
    mustFail: 'examples/invalid-v2',
    fault: readsBlockAs((block) =>
      Object.keys(block).join() === 'schema_version' ? { ...block, size_bytes: '1' } : block,
    ),
  },
  {
    driver: 'creates what is too new',
    mustFail: 'migration/too-new',
    fault: {
      calls: {
        async createSandbox(request, good) {
          const template = request.sandbox?.spec?.template
          if (template?.driverConfig?.['schema_version'] === 3) template.driverConfig = {}
          return good.unary('createSandbox', request)
        },
      },
    },
  },
  {
    driver: 'echoes the block of a refused create',
    mustFail: 'secrets/refused-create',
    fault: {
      calls: {
        createSandbox: (request, good) =>
          good.unary('createSandbox', request).catch((error: ServiceError) => {
            const block = request.sandbox?.spec?.template?.driverConfig
            throw toServiceError(error.code, `${error.details} The block was ${JSON.stringify(block)}.`)
          }),
      },
    },
  },
  {
    driver: 'keeps its warnings to itself',
    mustFail: 'warnings/v2',
    fault: { events: (event) => (event.payload.case === 'platformEvent' ? [] : [event]) },
  },
  {
    driver: 'refuses an empty block',
    mustFail: 'selected/absent-and-empty',
    fault: {
      calls: {
        async validateSandboxCreate(request, good) {
          const block = request.sandbox?.spec?.template?.driverConfig
          if (block !== undefined && Object.keys(block).length === 0) {
            throw toServiceError(codes.INVALID_ARGUMENT, 'driver_config is empty')
          }
          return good.unary('validateSandboxCreate', request)
        },
      },
    },
  },
]

/** A driver that sees another block than it was sent. */
function readsBlockAs(change: (block: JsonObject) => JsonObject): DriverFault {
  return {
    calls: {
      async validateSandboxCreate(request, good) {
        const template = request.sandbox?.spec?.template
        if (template?.driverConfig !== undefined) template.driverConfig = change(template.driverConfig)
        return good.unary('validateSandboxCreate', request)
      },
    },
  }
}

/** A driver that refuses in another way. */
function refusesWith(
  change: (error: ServiceError, request: ValidateSandboxCreateRequest) => ServiceError,
): DriverFault {
  return {
    calls: {
      async validateSandboxCreate(request, good) {
        return good.unary('validateSandboxCreate', request).catch((error: ServiceError) => {
          throw change(error, request)
        })
      },
    },
  }
}

function keepKeys(block: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(block).filter(([key]) => keys.includes(key)))
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutUndefined(block: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined)) as JsonObject
}
