import { defineDriverConfig, withDefault } from '@openshell-ts/driver-config'
import Type from 'typebox'

const network = Type.Union([Type.Literal('none'), Type.Literal('host')])

/** A driver's config as an author writes it; the variable plants a bug in its migration. */
export const config = defineDriverConfig('acme')
  .version(
    1,
    Type.Object({ network: Type.Optional(network), timeout: withDefault(Type.Integer({ minimum: 0 }), 10) }),
    {
      examples: {
        minimal: {},
        full: { network: 'none', timeout: 5 },
        invalid: [{ value: { timeout: -1 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.timeout' }],
      },
    },
  )
  .version(2, Type.Object({ isolated: Type.Boolean(), timeout_ms: Type.Integer({ minimum: 0 }) }), {
    up: ({ network, timeout }) => ({
      isolated: process.env['PLANTED_BUG'] === undefined || network !== 'host' ? network !== 'host' : 'no',
      timeout_ms: timeout * 1_000,
    }),
    examples: {
      minimal: { isolated: true, timeout_ms: 0 },
      full: { isolated: false, timeout_ms: 5 },
      invalid: [{ value: {}, code: 'FIELD_REQUIRED', path: 'driver_config.isolated' }],
    },
  })
  .build()
