/** Where a field of one version went in the next: path template to path template, without user data. */
export type Replacements = Readonly<Record<string, string>>

/** What hints need to know about one version. */
export interface HintVersion {
  readonly number: number
  /** Path templates of all fields: `mounts[].read_only`. */
  readonly templates: ReadonlySet<string>
  /** Fields of the version before, and what replaced them here. */
  readonly replaces: Replacements
}

/** A field that the declared version does not have, and what other versions know about it. */
export type VersionHint =
  | { readonly type: 'newer'; readonly version: number }
  | { readonly type: 'replaced'; readonly version: number; readonly by: string }
  | { readonly type: 'removed'; readonly version: number }

/**
 * What other versions know about a field that `declared` does not have; `undefined` when none knows it.
 *
 * The newest version that has the field wins; among older ones, chains of replacements are followed up to `declared`.
 */
export function findVersionHint(
  versions: readonly HintVersion[],
  declared: number,
  template: string,
): VersionHint | undefined {
  const newest = versions.findLast((version) => version.number > declared && version.templates.has(template))
  if (newest !== undefined) return { type: 'newer', version: newest.number }
  const last = versions.findLast((version) => version.number < declared && version.templates.has(template))
  if (last === undefined) return undefined
  return followReplacements(versions, last.number, declared, template)
}

function followReplacements(
  versions: readonly HintVersion[],
  from: number,
  declared: number,
  template: string,
): VersionHint {
  let current = template
  let hint: VersionHint = { type: 'removed', version: from + 1 }
  for (const version of versions) {
    if (version.number <= from || version.number > declared) continue
    const next = replacementOf(version.replaces, current)
    if (next === undefined && !version.templates.has(current)) return { type: 'removed', version: version.number }
    if (next === undefined) continue
    current = next
    hint = { type: 'replaced', version: version.number, by: current }
  }
  return hint
}

/** A field moves with its parent: when `a` became `b`, then `a.x` became `b.x`. */
function replacementOf(replaces: Replacements, template: string): string | undefined {
  if (Object.hasOwn(replaces, template)) return replaces[template]
  const parent = Object.keys(replaces)
    .filter((from) => template.startsWith(from) && /^[.[]/.test(template.slice(from.length)))
    .sort((a, b) => b.length - a.length)[0]
  return parent === undefined ? undefined : `${replaces[parent]}${template.slice(parent.length)}`
}
