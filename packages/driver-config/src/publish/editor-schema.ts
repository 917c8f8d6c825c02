import { type Deprecation, type Deprecations, describeDeprecation } from '../check/deprecation.js'
import { markerKey } from '../check/marker.js'
import type { PublishedSchema } from '../define/driver-config.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { joinTemplate } from '../issue/path.js'
import { toDraft07 } from '../schema/draft-07.js'
import { describeField } from './field-hover.js'
import { snippetBody } from './snippet-body.js'

/** What an editor is told about a version beside its schema. */
export interface EditorSource {
  readonly driverName: string
  readonly published: PublishedSchema
  readonly deprecations: Deprecations
}

/**
 * The schema of a version for editors, which know draft-07 and keywords of their own: hover texts with defaults and units, the
 * author's words about what is deprecated, and the examples as snippets. It accepts the same documents.
 */
export function editorSchema({ driverName, published, deprecations }: EditorSource): JsonObject {
  const { version, schema, examples } = published
  const annotated = annotate(schema, '', deprecations)
  const snippets = (['minimal', 'full'] as const).flatMap((name) => {
    const body = snippetBody(examples[name])
    if (body === undefined) return []
    return [
      {
        label: `${driverName} v${version}: ${name}`,
        description: `The ${name} example, ${markerKey} ${version}.`,
        body,
      },
    ]
  })
  return toDraft07(snippets.length === 0 ? annotated : { ...annotated, defaultSnippets: snippets })
}

/** Adds what editors show, at every field; `template` is the place of the schema. */
function annotate(schema: JsonObject, template: string, deprecations: Deprecations): JsonObject {
  const inside = (value: JsonValue, step: string): JsonValue =>
    isJsonObject(value) ? annotate(value, step === '' ? template : joinTemplate(template, step), deprecations) : value
  const members = Object.entries(schema).map(([keyword, value]): [string, JsonValue] => {
    switch (keyword) {
      case 'properties':
        return [keyword, isJsonObject(value) ? mapMembers(value, inside) : value]
      case 'additionalProperties':
        return [keyword, inside(value, '{}')]
      case 'items':
        return [keyword, inside(value, '[]')]
      case 'prefixItems':
        return [keyword, Array.isArray(value) ? value.map((item) => inside(item, '[]')) : value]
      case 'anyOf':
        return [keyword, Array.isArray(value) ? value.map((branch) => inside(branch, '')) : value]
      default:
        return [keyword, value]
    }
  })
  const hover = describeField(schema)
  return {
    ...Object.fromEntries(members),
    ...(hover === undefined ? {} : { markdownDescription: hover }),
    ...describeDeprecated(schema, template, deprecations),
  }
}

function mapMembers(members: JsonObject, change: (value: JsonValue, name: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value, name)]))
}

function describeDeprecated(schema: JsonObject, template: string, deprecations: Deprecations): JsonObject {
  const own = Object.hasOwn(deprecations, template) ? deprecations[template] : undefined
  if (own !== undefined) return { deprecationMessage: sentence(own, '') }
  const values = schema['enum']
  if (Array.isArray(values)) {
    const texts = values.map((value) => describeValue(value, deprecations[`${template}=${String(value)}`]))
    const [only] = texts
    if (texts.length === 1 && only !== undefined && only !== '') return { deprecationMessage: only }
    if (texts.some((text) => text !== '')) return { markdownEnumDescriptions: texts }
  }
  return schema['deprecated'] === true ? { deprecationMessage: 'This is deprecated.' } : {}
}

function describeValue(value: JsonValue, deprecation: Deprecation | undefined): string {
  return deprecation === undefined ? '' : sentence(deprecation, `"${String(value)}" is `)
}

function sentence(deprecation: Deprecation, what: string): string {
  const { problem, fix } = describeDeprecation(deprecation, what)
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}. ${fix}`
}
