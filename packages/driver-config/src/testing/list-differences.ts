import { membersAt } from '../check/members-at.js'
import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import { type PathToken, toPointer } from '../issue/path.js'
import { canonicalJson } from '../schema/canonical-json.js'

/** Longer values say nothing that their beginning does not say. */
const longestShown = 80

/**
 * The places in which two values differ, one line each: the JSON pointer and what stands there. What stands at the templates of
 * `secrets` is not shown.
 */
export function listDifferences(expected: JsonValue, found: JsonValue, secrets: readonly string[]): string[] {
  const hidden = new Set(
    secrets.flatMap((template) => [expected, found].flatMap((value) => membersAt(value, template))).map(placeOf),
  )
  const isHidden = (tokens: readonly PathToken[]): boolean =>
    tokens.some((_, index) => hidden.has(toPointer(tokens.slice(0, index + 1))))
  return differences(expected, found, []).map(({ tokens, left, right }) => {
    const pointer = tokens.length === 0 ? '(the whole document)' : toPointer(tokens)
    if (isHidden(tokens)) return `${pointer}: differs; it refers to a secret, so that it is not shown`
    return `${pointer}: expected ${show(left)}, got ${show(right)}`
  })
}

interface Difference {
  readonly tokens: readonly PathToken[]
  readonly left: JsonValue | undefined
  readonly right: JsonValue | undefined
}

function differences(left: JsonValue, right: JsonValue, tokens: readonly PathToken[]): Difference[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    const longer = Math.max(left.length, right.length)
    return Array.from({ length: longer }, (_, index) => index).flatMap((index) =>
      memberDifferences(left[index], right[index], [...tokens, index]),
    )
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])]
    return names.flatMap((name) => memberDifferences(left[name], right[name], [...tokens, name]))
  }
  return canonicalJson(left) === canonicalJson(right) ? [] : [{ tokens, left, right }]
}

function memberDifferences(
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  tokens: readonly PathToken[],
): Difference[] {
  if (left === undefined || right === undefined) return left === right ? [] : [{ tokens, left, right }]
  return differences(left, right, tokens)
}

function placeOf({ tokens }: { readonly tokens: readonly PathToken[] }): string {
  return toPointer(tokens)
}

function show(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing'
  const text = canonicalJson(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
