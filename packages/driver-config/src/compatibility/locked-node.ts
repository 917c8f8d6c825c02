import { bareSchema } from '../publish/bare-schema.js'
import { readSchema } from '../schema/read-schema.js'
import type { SchemaNode } from '../schema/schema-node.js'
import type { LockedVersion } from './config-lock.js'

/**
 * The schema of a recorded version in the form that checks work on.
 *
 * @throws SchemaProblem when this release of the package cannot read it.
 */
export function lockedNode({ schema }: Pick<LockedVersion, 'schema'>): SchemaNode {
  return readSchema(bareSchema(schema, ''))
}
