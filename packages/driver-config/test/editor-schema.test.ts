import Type from 'typebox'
import { expect, test } from 'vitest'
import { type CompletionItem, getLanguageService, TextDocument } from 'vscode-json-languageservice'
import { defineDriverConfig, publishConfig, withDefault } from '../src/index.js'

const mode = Type.Union([Type.Literal('fast'), Type.Literal('safe'), Type.Literal('old')])

const config = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(1, Type.Object({ size: Type.Optional(Type.String({ maxLength: 16 })) }), {
    examples: {
      minimal: {},
      full: { size: '10Gi' },
      invalid: [{ value: 5, code: 'CONFIG_NOT_OBJECT', path: 'driver_config' }],
    },
    deprecated: { size: { since: '1.4.0', message: 'It is in bytes now.', replacedBy: ['size_bytes'], removedIn: 2 } },
  })
  .version(
    2,
    Type.Object({
      size_bytes: withDefault(
        Type.Integer({ minimum: 1, description: 'Size of the disk.', 'x-unit': 'bytes', 'x-since': '1.4.0' }),
        1_024,
      ),
      mode: Type.Optional(mode),
      pair: Type.Optional(Type.Tuple([Type.String(), Type.Integer()])),
      labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
    {
      examples: {
        minimal: {},
        full: { size_bytes: 1, mode: 'fast', pair: ['^$1}', 1], labels: { note: 'a "quoted" \\ text' } },
        invalid: [{ value: 5, code: 'CONFIG_NOT_OBJECT', path: 'driver_config' }],
      },
      deprecated: { 'mode=old': { since: '1.5.0', message: 'Use safe.' } },
      up: () => ({}),
    },
  )
  .build()

const url = 'https://acme.example/schemas/acme/draft-07/envelope.schema.json'
const schema = publishConfig(config).files.find(({ name }) => name === 'draft-07/envelope.schema.json')?.text ?? ''
const service = getLanguageService({ schemaRequestService: () => Promise.reject(new Error('nothing is loaded')) })
service.configure({ schemas: [{ uri: url, fileMatch: ['*.json'], schema: JSON.parse(schema) }] })

/** A file with the cursor at `|`. */
function open(text: string) {
  const cursor = text.indexOf('|')
  const document = TextDocument.create('file:///envelope.json', 'json', 1, text.replace('|', ''))
  return { document, position: document.positionAt(cursor), json: service.parseJSONDocument(document) }
}

async function complete(text: string): Promise<CompletionItem[]> {
  const { document, position, json } = open(text)
  return (await service.doComplete(document, position, json))?.items ?? []
}

async function hover(text: string): Promise<string> {
  const { document, position, json } = open(text)
  return JSON.stringify((await service.doHover(document, position, json))?.contents)
}

async function problems(text: string): Promise<string[]> {
  const { document, json } = open(text)
  return (await service.doValidation(document, json)).map(({ message }) =>
    typeof message === 'string' ? message : message.value,
  )
}

test('an editor offers the drivers, the fields of the version that is written, and the values of a field', async () => {
  const labels = async (text: string) => (await complete(text)).map(({ label }) => label).sort()
  expect(await labels('{ "|" }')).toEqual(['acme'])
  expect(await labels('{ "acme": { "schema_version": 2, "|" } }')).toEqual(
    expect.arrayContaining(['labels', 'mode', 'pair', 'size_bytes']),
  )
  expect(await labels('{ "acme": { "schema_version": 2, "mode": | } }')).toEqual(['"fast"', '"old"', '"safe"'])
})

test('an editor shows what a field means, its default and its unit', async () => {
  const shown = await hover('{ "acme": { "schema_version": 2, "size_b|ytes": 5 } }')
  for (const text of ['Size of the disk.', 'Default: `1024`.', 'In bytes.', 'Since 1.4.0.'])
    expect(shown).toContain(text)
})

test('an editor marks what is wrong and what is deprecated, at its place', async () => {
  expect(await problems('{ "acme": { "schema_version": 2, "size_bytes": 5 }, "other": { "x": 1 } }')).toEqual([])
  expect(await problems('{ "acme": { "schema_version": 2, "size_bytes": 0 } }')).toEqual([
    'Value is below the minimum of 1.',
  ])
  expect(await problems('{ "acme": { "schema_version": 2, "pair": ["a"] } }')).toHaveLength(1)
  expect(await problems('{ "acme": { "schema_version": 1, "size": "1Gi" } }')).toEqual([
    'Deprecated since 1.4.0: It is in bytes now; schema_version 2 does not have it. Use "size_bytes".',
  ])
})

test('an editor inserts the examples as they are', async () => {
  const items = await complete('{ "acme": | }')
  const full = items.flatMap(({ label, insertText = '' }) => (/^acme v[12]: full$/.test(label) ? [insertText] : []))
  const inserted = full.map((text) => JSON.parse(text.replaceAll(/\\([\\$}])/g, '$1')))
  expect(inserted).toEqual(config.schemas().map(({ examples }) => examples.full))
})
