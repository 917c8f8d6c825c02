import Type from 'typebox'
import type { JsonObject } from '../src/envelope/index.js'
import {
  defineDriverConfig,
  loadPublishedConfig,
  operations,
  PublishedConfigError,
  publishConfig,
  rename,
  requires,
} from '../src/index.js'
import { fromPointer } from '../src/issue/path.js'
import { digestBundle } from '../src/publish/write-bundle.js'
import { emptyExamples } from './version-examples.js'

const text = Type.Optional(Type.String({ maxLength: 64 }))

/** A config with a rule, a deprecation and a step of operations. */
export const config = defineDriverConfig('acme')
  .version(1, Type.Object({ name: text, other: text }), {
    ...emptyExamples,
    deprecated: { other: { since: '1.1.0', message: 'It has no effect.' } },
  })
  .version(2, Type.Object({ title: text, other: text }), {
    ...emptyExamples,
    up: operations(rename('name', 'title')),
    rules: [requires('other', 'title')],
  })
  .build()

/** Its bundle. */
export const published = publishConfig(config).bundle

/** Values by their places in the bundle, as pointers; `undefined` removes. */
export type Changes = Readonly<Record<string, unknown>>

/** A bundle that was changed; with a digest that fits, as whoever wants to deceive would write it. */
export function changed(changes: Changes): JsonObject {
  const bundle = JSON.parse(published.text) as JsonObject
  for (const [pointer, value] of Object.entries(changes)) {
    const steps = fromPointer(pointer)
    const name = steps.pop() ?? ''
    const holder: object = steps.reduce<object>((inner, step) => Reflect.get(inner, step) as object, bundle)
    if (value === undefined) Reflect.deleteProperty(holder, name)
    else Reflect.set(holder, name, value)
  }
  Reflect.set(bundle['x-bundle'] as JsonObject, 'digest', digestBundle(bundle))
  return bundle
}

/** Codes and places of what is wrong with a bundle. */
export function problemsOf(bundle: unknown): readonly string[] {
  try {
    loadPublishedConfig(bundle)
    return []
  } catch (error) {
    if (!(error instanceof PublishedConfigError)) throw error
    return error.problems.map(({ code, path }) => `${code} ${path}`)
  }
}
