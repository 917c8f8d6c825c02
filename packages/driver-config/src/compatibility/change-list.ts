import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { generateValue } from '../testing/generate-value.js'
import { seededRandom } from '../testing/seeded-random.js'
import { shrinkDocument } from '../testing/shrink-document.js'
import { type Acceptance, acceptanceOf } from './acceptance.js'
import type { CompatibilityRule, CompatibilityVerdict } from './compatibility-rules.js'
import { type DeclaredChange, declareChange } from './declare-change.js'
import type { SchemaChange } from './schema-change.js'
import type { SchemaPlace } from './schema-place.js'

/** What one change says. */
export interface ChangeFacts {
  /** What is different, as it follows the path: `is no longer declared`. */
  readonly what: string
  readonly before?: JsonValue | undefined
  readonly after?: JsonValue | undefined
  /** Milder than the rule's. */
  readonly verdict?: CompatibilityVerdict
}

/** How to find a block that a change refuses. */
export interface WitnessSearch {
  /** The older node with this change alone, so that a refusal shows this change. */
  readonly isolated: SchemaNode
  /** The older node. */
  readonly node: SchemaNode
  /** Values of the older node that are likely to be refused. */
  readonly candidates?: Iterable<JsonValue>
}

const localAttempts = 60
const blockAttempts = 60

/** Collects the changes between two schemas, and looks for the documents that show them. */
export class ChangeList {
  private readonly changes = new Map<string, SchemaChange>()
  private readonly before: SchemaNode
  private readonly acceptedBefore: Acceptance
  private readonly acceptedAfter: Acceptance

  constructor(before: SchemaNode, after: SchemaNode) {
    this.before = before
    this.acceptedBefore = acceptanceOf(before)
    this.acceptedAfter = acceptanceOf(after)
  }

  /** The changes so far, in the order of the older schema. */
  list(): readonly SchemaChange[] {
    return [...this.changes.values()]
  }

  /** A change that no single document can show. */
  add(path: string, rule: CompatibilityRule, facts: ChangeFacts): void {
    this.keep(declareChange(rule, contentOf(path, facts)))
  }

  /** A change that may refuse documents: a break when one shows it, and unknown otherwise. */
  addRefusal(place: SchemaPlace, rule: CompatibilityRule, facts: ChangeFacts, search: WitnessSearch): void {
    this.addShown(place.path, rule, facts, this.findAt(place, search))
  }

  /** The same when the document that shows it was looked for elsewhere. */
  addShown(path: string, rule: CompatibilityRule, facts: ChangeFacts, witness: JsonObject | undefined): void {
    const change = declareChange(rule, contentOf(path, facts))
    this.keep(witness === undefined ? { ...change, verdict: 'unknown' } : { ...change, verdict: 'break', witness })
  }

  /** A block that the older schema accepts, and both the newer one and `refuses` do not. */
  showWith(blocks: Iterable<JsonValue>, refuses: Acceptance): JsonObject | undefined {
    const shows = (block: JsonValue): boolean =>
      refuses(block) && !this.acceptedAfter(block) && this.acceptedBefore(block)
    for (const block of blocks) {
      if (!shows(block)) continue
      const smallest = shrinkDocument(block, shows)
      if (isJsonObject(smallest)) return smallest
    }
    return undefined
  }

  /** What the older schema accepts, mostly. */
  *blocks(): Generator<JsonValue> {
    const random = seededRandom(1)
    for (let attempt = 0; attempt < blockAttempts; attempt += 1) yield generateValue(random, this.before)
  }

  /** A block that shows one change of a node, from values that are likely to. */
  findAt(place: SchemaPlace, { isolated, node, candidates = [] }: WitnessSearch): JsonObject | undefined {
    return this.showAt(place, isolated, node, embedded(place, candidates))
  }

  /** A block that shows one change of a node, from some that are likely to, and from made ones. */
  showAt(
    place: SchemaPlace,
    isolated: SchemaNode,
    node: SchemaNode,
    blocks: Iterable<JsonValue> = [],
  ): JsonObject | undefined {
    const accepts = acceptanceOf(place.replace(isolated))
    const refuses = (block: JsonValue): boolean => !accepts(block)
    return this.showWith(blocks, refuses) ?? this.showWith(this.blocksAt(place, node), refuses)
  }

  private *blocksAt(place: SchemaPlace, node: SchemaNode): Generator<JsonValue> {
    const random = seededRandom(1)
    for (let attempt = 0; attempt < localAttempts; attempt += 1) yield* embedded(place, [generateValue(random, node)])
    yield* this.blocks()
  }

  /** Branches of a union share their paths, so that one change may be met several times: the gravest one stays. */
  private keep(change: SchemaChange): void {
    const { rule, path, before = null, after = null } = change
    const key = canonicalJson([rule, path, before, after])
    const known = this.changes.get(key)
    if (known === undefined || gravity(change) > gravity(known)) this.changes.set(key, change)
  }
}

function contentOf(path: string, { what, before, after, verdict }: ChangeFacts): DeclaredChange {
  return {
    path,
    what,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(verdict === undefined ? {} : { verdict }),
  }
}

function gravity({ verdict }: SchemaChange): number {
  return ['ok', 'warning', 'unknown', 'break'].indexOf(verdict)
}

function* embedded(place: SchemaPlace, values: Iterable<JsonValue>): Generator<JsonValue> {
  for (const value of values) {
    const block = place.embed(value)
    if (block !== undefined) yield block
  }
}
