import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { proveReplacements } from '../define/prove-places.js'
import type { JsonObject } from '../envelope/json-value.js'
import type { Replacements } from '../issue/version-hints.js'
import { bindOperations } from '../operations/bind-operations.js'
import type { BundleHop } from './bundle-data.js'
import { isPortable, readOperations } from './read-operations.js'

/** The steps of a lineage as data. What is code stands as one opaque operation: its place is known, not what it does. */
export function writeHops({ versions }: ConfigLineage): BundleHop[] {
  return [...versions.values()].flatMap((version) => {
    const before = versions.get(version.number - 1)
    return before === undefined ? [] : [writeHop(before, version)]
  })
}

function writeHop(before: ConfigVersion, version: ConfigVersion): BundleHop {
  const { replaces, hasOwnDown, down } = version
  const ops = (version.operations as readonly JsonObject[] | undefined) ?? [
    { op: 'code', name: 'up', opaque: true, replaces: { ...replaces } },
  ]
  const backward = down === undefined ? 'none' : hasOwnDown || !isPortable(ops) ? 'code' : 'operations'
  return {
    from: before.number,
    to: version.number,
    ops,
    down: backward,
    replaces: isPortable(ops)
      ? withoutKnown(replaces, bindOperations(readOperations(ops), before.node, version.node).replaces)
      : onlyDeclared(replaces, before, version),
  }
}

function withoutKnown(replaces: Replacements, known: Replacements): Replacements {
  return Object.fromEntries(Object.entries(replaces).filter(([from, to]) => known[from] !== to))
}

/** Operations name places on the way that neither version has; a reader could not prove those. */
function onlyDeclared(replaces: Replacements, before: ConfigVersion, version: ConfigVersion): Replacements {
  const isDeclared = ([from, to]: readonly [string, string]): boolean => {
    try {
      proveReplacements({ [from]: to }, before.node, version.node)
      return true
    } catch {
      return false
    }
  }
  return Object.fromEntries(Object.entries(replaces).filter(isDeclared))
}
