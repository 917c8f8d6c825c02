import Type from 'typebox'
import { expect, expectTypeOf, test } from 'vitest'
import { type Driver, defineDriver, defineDriverConfig } from './index.js'

const handlers = {
  async create() {},
  async start() {},
  async stop() {},
  async delete() {},
  async list() {
    return []
  },
}
const config = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(1, Type.Object({ size: Type.Optional(Type.String()) }), {
    examples: {
      minimal: {},
      full: { size: '1' },
      invalid: [{ value: { size: 5 }, code: 'TYPE_MISMATCH', path: 'driver_config.size' }],
    },
  })
  .build()

test('the name must be one that a gateway can select', () => {
  for (const name of ['', 'Acme', 'a b', 'a.b', 'a/b']) {
    expect(() => defineDriver({ ...handlers, name, version: '1' })).toThrow('cannot be selected by a gateway')
  }
  expect(defineDriver({ ...handlers, name: 'a_b-9', version: '1' }).name).toBe('a_b-9')
})

test('driver and config have the same name', () => {
  expect(() => defineDriver({ ...handlers, name: 'other', version: '1', config })).toThrow(
    'The driver is named "other" and its config is defined for "acme"',
  )
})

test('a missing handler is named', () => {
  const { list: _, ...incomplete } = handlers
  expect(() => defineDriver({ ...incomplete, name: 'acme', version: '1' } as never)).toThrow('has no "list" handler')
})

test('the version is short and printable', () => {
  for (const version of ['', ' ', 'a\nb', 'é', 'x'.repeat(129)]) {
    expect(() => defineDriver({ ...handlers, name: 'acme', version })).toThrow('1 to 128 printable ASCII')
  }
})

test("a setting's flag is in kebab-case and not taken", () => {
  const withFlag = (flag: string) =>
    defineDriver({
      ...handlers,
      name: 'acme',
      version: '1',
      settings: { own: { flag, environment: 'X', description: 'x' } },
    })
  expect(() => withFlag('camelCase')).toThrow('must be in kebab-case')
  expect(() => withFlag('state-dir')).toThrow('uses --state-dir, which is taken')
  expect(withFlag('own-flag').settings.own.flag).toBe('own-flag')
})

test("the domain is the author's, else the config's, else the name", () => {
  const domain = (more: object) => defineDriver({ ...handlers, name: 'acme', version: '1', ...more }).domain
  expect([domain({ domain: 'own.example', config }), domain({ config }), domain({})]).toEqual([
    'own.example',
    'acme.example',
    'acme',
  ])
})

test('handlers keep their own object', async () => {
  class Backend {
    readonly name = 'acme'
    readonly version = '1'
    readonly seen: string[] = []
    async create(): Promise<void> {
      this.seen.push('create')
    }
    async start(): Promise<void> {}
    async stop(): Promise<void> {}
    async delete(): Promise<void> {}
    async list(): Promise<[]> {
      return []
    }
  }
  const backend = new Backend()
  const { create } = defineDriver(backend) as Driver
  await create({} as never, {} as never)
  expect(backend.seen).toEqual(['create'])
})

test('handlers get the type of the current config and of each setting', () => {
  defineDriver({
    ...handlers,
    name: 'acme',
    version: '1',
    config,
    settings: {
      needed: { flag: 'needed', environment: 'A', description: 'a', required: true },
      defaulted: { flag: 'defaulted', environment: 'B', description: 'b', default: 'x' },
      optional: { flag: 'optional', environment: 'C', description: 'c' },
    },
    async create(_sandbox, context) {
      expectTypeOf(context.config).toEqualTypeOf<{ readonly size?: string }>()
      expectTypeOf(context.settings.needed).toEqualTypeOf<string>()
      expectTypeOf(context.settings.defaulted).toEqualTypeOf<string>()
      expectTypeOf(context.settings.optional).toEqualTypeOf<string | undefined>()
      // @ts-expect-error: the driver declares no such setting.
      void context.settings.unknown
      return { type: 'starting' }
    },
    // @ts-expect-error: a stop says that compute has stopped by returning; it has no state to return.
    async stop() {
      return { type: 'stopped' }
    },
  })
})
