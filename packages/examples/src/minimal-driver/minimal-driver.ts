import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Driver, defineDriver, defineDriverConfig, type Resolved, withDefault } from '@openshell-ts/driver-kit'
import Type from 'typebox'

const V1 = Type.Object(
  { greeting: withDefault(Type.String({ maxLength: 80 }), 'hello') },
  { examples: [{}, { greeting: 'good morning' }] },
)

/** The block `driver_config.minimal`. */
export const minimalConfig = defineDriverConfig('minimal', { domain: 'minimal.example' })
  .version(1, V1, {
    examples: {
      minimal: {},
      full: { greeting: 'good morning' },
      invalid: [{ value: { greeting: 5 }, code: 'TYPE_MISMATCH', path: 'driver_config.greeting' }],
    },
  })
  .build()

// The whole backend: a sandbox runs while this file exists. A real driver calls its engine in the same five places.
const mark = (directory: string) => join(directory, 'running')

/** The smallest driver that keeps the whole contract; everything else about it is the kit's. */
export const minimalDriver: Driver<Resolved<typeof minimalConfig>, Record<never, never>> = defineDriver({
  name: 'minimal',
  version: '1.0.0',
  config: minimalConfig,
  async create({ directory }, { config }) {
    await writeFile(mark(directory), config.greeting)
  },
  async start({ directory }, { config }) {
    await writeFile(mark(directory), config.greeting)
  },
  async stop({ directory }) {
    await rm(mark(directory), { force: true })
  },
  async delete({ directory }) {
    await rm(mark(directory), { force: true })
  },
  async list({ sandboxes }) {
    return sandboxes.map(({ id, directory }) => ({
      id,
      state: { type: existsSync(mark(directory)) ? 'running' : 'stopped' },
    }))
  },
})
