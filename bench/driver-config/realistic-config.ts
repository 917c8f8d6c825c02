import { defineDriverConfig, withDefault } from '@openshell-ts/driver-config'
import Type, { type TProperties } from 'typebox'

// The libraries that are compared close objects only on request; the package closes them always.
const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

const mount = Type.Union([
  closed({
    type: Type.Literal('bind'),
    source: Type.String({ minLength: 1 }),
    target: Type.String({ minLength: 1 }),
    read_only: withDefault(Type.Boolean(), true),
  }),
  closed({
    type: Type.Literal('volume'),
    source: Type.String({ minLength: 1 }),
    target: Type.String({ minLength: 1 }),
    read_only: withDefault(Type.Boolean(), true),
    subpath: Type.Optional(Type.String()),
  }),
  closed({
    type: Type.Literal('tmpfs'),
    target: Type.String({ minLength: 1 }),
    size_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
    options: withDefault(Type.Array(Type.String()), []),
  }),
])

const limits = closed({
  nofile: Type.Optional(Type.Integer({ minimum: 0 })),
  nproc: Type.Optional(Type.Integer({ minimum: 0 })),
  core: Type.Optional(Type.Integer({ minimum: 0 })),
  stack_bytes: Type.Optional(Type.Integer({ minimum: 0 })),
})

const health = closed({
  command: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
  interval_ms: Type.Optional(Type.Integer({ minimum: 1 })),
  retries: withDefault(Type.Integer({ minimum: 0 }), 3),
})

/** What a container driver might take: scalars with bounds, a map, groups, and a list of mounts in three variants. */
export const realisticSchema = closed({
  network: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
  hostname: Type.Optional(Type.String({ maxLength: 253 })),
  runtime: Type.Optional(Type.Union([Type.Literal('runc'), Type.Literal('runsc'), Type.Literal('kata')])),
  cpu_millis: Type.Optional(Type.Integer({ minimum: 1, maximum: 512_000 })),
  memory_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
  pids_limit: withDefault(Type.Integer({ minimum: 1 }), 4_096),
  privileged: withDefault(Type.Boolean(), false),
  dns: Type.Optional(Type.Array(Type.String(), { maxItems: 8 })),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  limits: Type.Optional(limits),
  health: Type.Optional(health),
  mounts: withDefault(Type.Array(mount, { maxItems: 1_024 }), []),
})

export const realisticConfig = defineDriverConfig('acme')
  .version(1, realisticSchema, {
    examples: {
      minimal: {},
      full: {
        network: 'internal',
        dns: ['10.0.0.2'],
        limits: { nofile: 1_024 },
        mounts: [{ type: 'tmpfs', target: '/a' }],
      },
      invalid: [{ value: { cpu_millis: '4000' }, code: 'TYPE_MISMATCH', path: 'driver_config.cpu_millis' }],
    },
  })
  .build()

/** 35 leaves, 1.2 KB of JSON; three members are left to their defaults. */
export const realisticBlock = {
  network: 'payments-integration-internal',
  hostname: 'build-worker-17.linux-x64.integration.payments.build.example.internal',
  runtime: 'runsc',
  cpu_millis: 4_000,
  memory_bytes: 8_589_934_592,
  privileged: false,
  dns: ['10.0.0.2', '10.0.0.3'],
  labels: {
    team: 'platform',
    purpose: 'integration tests of the payment service and its neighbours, nightly and on each release',
    owner: 'build and release engineering, on call in business hours only, room 4.17',
  },
  limits: { nofile: 65_536, nproc: 4_096, core: 0, stack_bytes: 8_388_608 },
  health: {
    command: ['curl', '-fsS', 'http://127.0.0.1:8080/healthz?component=payment-service&deep=true&timeout=2s'],
    interval_ms: 5_000,
  },
  mounts: [
    {
      type: 'bind',
      source: '/srv/openshell/projects/payments/payment-service/checkouts/main/source',
      target: '/sandbox/work/payment-service/source',
      read_only: false,
    },
    {
      type: 'volume',
      source: 'build-cache-of-the-payment-service-main',
      target: '/sandbox/home/.cache/build',
      subpath: 'node-20/linux-x64',
    },
    { type: 'tmpfs', target: '/sandbox/scratch/area', size_bytes: 1_073_741_824, options: ['noexec', 'nosuid'] },
    { type: 'volume', source: 'registry-mirror-of-the-building', target: '/sandbox/home/registry/mirror' },
  ],
}

/** The same with a text for a number, a mistyped key, and a number for a text inside a variant. */
export const faultyBlock = {
  ...realisticBlock,
  cpu_millis: '4000',
  read_onyl: true,
  mounts: [{ ...realisticBlock.mounts[0], target: 5 }, ...realisticBlock.mounts.slice(1)],
}
