import type { ConfigVersion } from '../check/lineage.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { anyJson } from './any-json.js'
import { generateValue } from './generate-value.js'
import { mutateValue } from './mutate-value.js'
import { plantText } from './plant-text.js'
import { pick, seededRandom } from './seeded-random.js'
import { type Subject, stampDocument } from './subject.js'

/** Documents of one version to search in, made when they are first asked for. Equal seeds give equal documents. */
export interface SearchDocuments {
  /** Valid ones. */
  readonly accepted: Iterable<JsonObject>
  /** Valid ones with one thing changed, crowded ones, any JSON, and then the valid ones. */
  readonly any: Iterable<JsonValue>
  /** Documents with a text planted in them. */
  readonly planted: Iterable<JsonValue>
}

/** How many documents, and which. */
export interface DocumentSettings {
  readonly runs: number
  readonly seed: number
}

/** Documents of one version, made from its schema alone. */
export function generateDocuments(
  subject: Subject,
  version: ConfigVersion,
  settings: DocumentSettings,
): SearchDocuments {
  const random = seededRandom(settings.seed)
  const generated = repeat(settings.runs, () => generateValue(random, version.node))
  return varyDocuments(subject, version, generated, settings)
}

/** Documents of one version, made from some that are there: from the valid ones among them. */
export function varyDocuments(
  subject: Subject,
  version: ConfigVersion,
  made: Iterable<JsonValue>,
  settings: DocumentSettings,
): SearchDocuments {
  const accepted = remember(
    (function* () {
      for (const document of made) if (isJsonObject(document) && isAccepted(subject, version, document)) yield document
    })(),
  )
  const any = remember(
    (function* () {
      yield* mistakenDocuments([...accepted], settings)
      yield* accepted
    })(),
  )
  const planted = remember(plantedDocuments(version, accepted, settings))
  return { accepted, any, planted }
}

function* mistakenDocuments(bases: readonly JsonObject[], { runs, seed }: DocumentSettings): Generator<JsonValue> {
  if (bases.length === 0) return
  const random = seededRandom(seed)
  for (let run = 0; run < runs; run += 1) {
    if (run % 10 === 0) yield anyJson(random)
    else if (run % 25 === 1) yield crowdedDocument(pick(random, bases))
    else yield mutateValue(random, pick(random, bases), anyJson)
  }
}

function* plantedDocuments(
  version: ConfigVersion,
  accepted: Iterable<JsonObject>,
  { runs, seed }: DocumentSettings,
): Generator<JsonValue> {
  const bases = [...accepted]
  if (bases.length === 0) return
  const random = seededRandom(seed)
  yield* repeat(runs, () => plantText(random, pick(random, bases), version.node))
}

function* repeat<Item>(count: number, make: () => Item): Generator<Item> {
  for (let made = 0; made < count; made += 1) yield make()
}

/** Items that are made once, when they are first asked for. */
function remember<Item>(source: Iterator<Item>): Iterable<Item> {
  const known: Item[] = []
  return {
    *[Symbol.iterator]() {
      for (let index = 0; ; index += 1) {
        if (index === known.length) {
          const next = source.next()
          if (next.done === true) return
          known.push(next.value)
        }
        yield known[index] as Item
      }
    },
  }
}

/** True for a document that a version accepts, rules and all. */
export function isAccepted({ config }: Subject, version: ConfigVersion, document: JsonObject): boolean {
  return config.check(stampDocument(document, version.number)).ok
}

/** More mistakes than a report has room for, under names that take many bytes on the wire. */
function crowdedDocument(base: JsonObject): JsonObject {
  return {
    ...base,
    ...Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${'é😀'.repeat(15)}${index}`, index])),
  }
}
