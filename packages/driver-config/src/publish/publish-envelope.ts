import { DefinitionError } from '../define/definition-error.js'
import { type ConfigOwner, defaultRoot, ownerOf } from '../issue/owner-title.js'
import { toDraft07 } from '../schema/draft-07.js'
import { editorSchema } from './editor-schema.js'
import { type PublishedDocument, toDocument } from './published-file.js'
import { type EnvelopeConfig, type EnvelopeSource, type WriteVersion, writeEnvelope } from './write-envelope.js'

/** Options of `publishEnvelope`. */
export interface PublishEnvelopeOptions {
  /** The absolute URL of the folder that the documents will be served from; their `$id`s lie in it. */
  readonly baseUrl: string
}

/**
 * The JSON Schema of envelopes for several drivers: `envelope.schema.json`, and `draft-07/envelope.schema.json` for editors.
 *
 * `configs` are the drivers' own or loaded from their bundles, by the key that the gateway has for the driver. A block is judged as
 * its driver's published schema judges it; blocks under other keys are not looked at.
 *
 * @throws DefinitionError for a key that no gateway can have, and for a URL that is not absolute.
 */
export function publishEnvelope(
  configs: Readonly<Record<string, EnvelopeConfig>>,
  { baseUrl }: PublishEnvelopeOptions,
): readonly PublishedDocument[] {
  const entries = Object.entries(configs)
  const of = { driverName: Object.keys(configs).join(', '), owner: ownerOf(defaultRoot) }
  requireKeys(Object.keys(configs), of)
  const folder = requireFolder(baseUrl, of)
  const root = entries[0]?.[1].describe().root ?? defaultRoot
  return envelopeDocuments(new Map(entries), root, (name) => `${folder}${name}`)
}

/** Both forms of an envelope's schema. */
export function envelopeDocuments(
  configs: EnvelopeSource['configs'],
  root: string,
  address: (name: string) => string,
): readonly [PublishedDocument, PublishedDocument] {
  const name = 'envelope.schema.json'
  const editorName = `draft-07/${name}`
  const forEditors = writeEnvelope({ configs, root, id: address(editorName), writeVersion: writeForEditors })
  return [
    toDocument(name, writeEnvelope({ configs, root, id: address(name) })),
    toDocument(editorName, toDraft07(forEditors)),
  ]
}

const writeForEditors: WriteVersion = (published, config) => {
  const { driverName, describe } = config
  const deprecations = describe().each.find(({ number }) => number === published.version)?.deprecated ?? {}
  return editorSchema({ driverName, published, deprecations })
}

/**
 * Refuses what no gateway has as the name of a driver.
 *
 * @throws DefinitionError
 */
export function requireKeys(keys: readonly string[], { driverName, owner }: ConfigOwner): void {
  if (keys.every((key) => /^[A-Za-z0-9_-]+$/.test(key))) return
  const problem = 'a key of the envelope has other signs than letters, digits, "-" and "_".'
  throw new DefinitionError({ driverName, owner, problem, hint: 'Write the name that the gateway has for the driver.' })
}

/**
 * The address of a folder, with its slash.
 *
 * @throws DefinitionError for what is no absolute URL.
 */
export function requireFolder(baseUrl: string, { driverName, owner }: ConfigOwner): string {
  if (/^https?:\/\/[^\s?#]+$/.test(baseUrl)) return baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`
  const problem = 'the option "baseUrl" is no absolute URL.'
  throw new DefinitionError({ driverName, owner, problem, hint: 'Write https://… without a query.' })
}
