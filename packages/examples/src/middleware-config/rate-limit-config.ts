import {
  convertUnit,
  defineDriverConfig,
  operations,
  type Resolved,
  rename,
  setDefault,
  unique,
  withDefault,
} from '@openshell-ts/driver-config'
import { Type } from 'typebox'

const host = Type.String({ minLength: 1, maxLength: 253, description: 'The host that requests go to.' })
const requests = Type.Integer({ minimum: 1, maximum: 100_000, description: 'Requests in one window.' })

const rateLimitV1 = Type.Object({
  window_seconds: withDefault(Type.Integer({ minimum: 1, maximum: 3_600, description: 'Length of a window.' }), 60),
  limits: Type.Array(Type.Object({ host, max: requests }), { maxItems: 256 }),
})

const onLimit = Type.Union([Type.Literal('refuse'), Type.Literal('wait')], {
  description: 'What happens to a request above the limit.',
})

const rateLimitV2 = Type.Object({
  window_ms: withDefault(
    Type.Integer({ minimum: 1_000, maximum: 3_600_000, description: 'Length of a window.' }),
    60_000,
  ),
  on_limit: withDefault(onLimit, 'refuse'),
  limits: Type.Array(Type.Object({ host, requests }), { maxItems: 256 }),
})

const uniqueHosts = unique('limits[]', 'host', { normalise: (text) => text.toLowerCase() })

/**
 * The config of a middleware that limits requests. It is declared as a driver's config is; `root` is the name that its users
 * know it by, and that reports start with.
 */
export const rateLimitConfig = defineDriverConfig('rate-limit', {
  root: 'middleware_config',
  domain: 'rate-limit.middleware.example',
})
  .version(1, rateLimitV1, {
    since: '1.0.0',
    rules: [uniqueHosts],
    examples: {
      minimal: { limits: [] },
      full: { window_seconds: 10, limits: [{ host: 'api.example', max: 100 }] },
      invalid: [{ value: { limits: 5 }, code: 'TYPE_MISMATCH', path: 'middleware_config.limits' }],
    },
  })
  .version(2, rateLimitV2, {
    since: '2.0.0',
    examples: {
      minimal: { limits: [] },
      full: { window_ms: 10_000, on_limit: 'wait', limits: [{ host: 'api.example', requests: 100 }] },
      invalid: [{ value: {}, code: 'FIELD_REQUIRED', path: 'middleware_config.limits' }],
    },
    up: operations(
      rename('window_seconds', 'window_ms'),
      convertUnit('window_ms', { from: 's', to: 'ms' }),
      rename('limits[].max', 'requests'),
      setDefault('on_limit', 'refuse'),
    ),
  })
  .build({ rules: [uniqueHosts] })

/** The config as the middleware gets it: the current version, complete. */
export type RateLimitConfig = Resolved<typeof rateLimitConfig>
