import { digestSchema } from '../schema/schema-digest.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { ChangeList } from './change-list.js'
import { compareNodes } from './compare-nodes.js'
import { compareSecretPlaces } from './compare-secret-places.js'
import { compatibilityRules } from './compatibility-rules.js'
import type { SchemaChange } from './schema-change.js'
import { rootPlace } from './schema-place.js'

/**
 * Every difference between two releases of one version, with what it means for the documents of the older one.
 *
 * A `break` of documents comes with a block that shows it; where none was found, and where a difference cannot be decided, the
 * verdict is `unknown`. `root` begins every path: `driver_config`. Rules, gates and limits are no part of a schema. Empty for
 * equal schemas.
 */
export function compareSchemas(before: SchemaNode, after: SchemaNode, root: string): readonly SchemaChange[] {
  const changes = new ChangeList(before, after)
  compareNodes(before, after, rootPlace(root), changes)
  compareSecretPlaces(before, after, root, changes)
  const isExplained = changes.list().some(({ rule }) => compatibilityRules[rule].effect !== 'text')
  if (!isExplained && digestSchema(before).shape !== digestSchema(after).shape) {
    changes.add(root, 'UNDECIDED_CHANGE', { what: 'differs in a way that is not understood' })
  }
  return changes.list()
}
