import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import { type ConfigIssue, createIssue, type IssueSite } from '../issue/config-issue.js'
import type { PathToken } from '../issue/path.js'
import { describeLength } from '../schema/describe-node.js'
import { listTemplates } from '../schema/list-templates.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { membersAt } from './members-at.js'
import { findSecretForm, isSecretName, isSuspectText, mayHoldSecret } from './secret-forms.js'

/** The places of a schema that matter for secrets, found once. */
export interface SecretPlaces {
  /** Maps with free keys and texts: a key such as `api_token` tells that its value is a secret. */
  readonly maps: readonly string[]
  /** Fields that hold references to secrets; their values never appear in any text. */
  readonly references: readonly string[]
}

/** A value and whether any text in it needs a closer look. */
export interface GuardedValue {
  readonly value: JsonValue
  readonly mayHoldSecret: boolean
}

/** Finds the places of a schema that matter for secrets. */
export function listSecretPlaces(node: SchemaNode): SecretPlaces {
  const entries = [{ template: '', node }, ...listTemplates(node)]
  const holdsText = (value: SchemaNode): boolean => value.kind === 'string' || value.kind === 'kinds'
  return {
    maps: entries
      .filter((entry) => entry.node.kind === 'map' && holdsText(entry.node.value) && !isExempt(entry.node))
      .map((entry) => entry.template),
    references: entries
      .filter((entry) => entry.node.annotations['x-secret-ref'] !== undefined)
      .map((entry) => entry.template),
  }
}

function isExempt(node: SchemaNode): boolean {
  return node.annotations['x-not-secret'] !== undefined
}

/**
 * Finds secrets by the form of a text, wherever it stands, and by the name of a free key. What is certainly one is an error; a
 * long text of high entropy is a warning only. Messages hold the path and the length class, never the text.
 */
export function findSecrets(
  { value, mayHoldSecret: isSuspicious }: GuardedValue,
  places: SecretPlaces,
  alternative: string,
  site: IssueSite,
): ConfigIssue[] {
  if (!isSuspicious && places.maps.length === 0) return []
  const issues: ConfigIssue[] = []
  const named = new Set<string>()
  const phrase = `secrets do not belong in ${site.root}; ${alternative}`
  const fix = `Remove the value and ${alternative}; replace it where it was in use.`
  for (const { tokens, text } of places.maps.flatMap((template) => namedSecrets(value, template))) {
    named.add(JSON.stringify(tokens))
    const received = describeLength(text.length)
    issues.push(createIssue(site, 'SECRET_NOT_ALLOWED', tokens, { problem: phrase, fix, received }))
  }
  if (!isSuspicious) return issues
  visitTexts(value, [], (text, path) => {
    if (!mayHoldSecret(text)) return
    const tokens = [...path]
    const form = findSecretForm(text)
    const received = describeLength(text.length)
    if (form !== undefined && !named.has(JSON.stringify(tokens))) {
      const problem = `this is ${form.name}; ${phrase}`
      issues.push(createIssue(site, 'SECRET_NOT_ALLOWED', tokens, { problem, fix, received }))
    } else if (form === undefined && isSuspectText(text)) {
      issues.push(
        createIssue(site, 'SECRET_SUSPECTED', tokens, { problem: `looks like a secret; ${phrase}`, received }),
      )
    }
  })
  return issues
}

/** The texts in the maps at a template whose key names a secret. */
function namedSecrets(value: JsonValue, template: string): { tokens: PathToken[]; text: string }[] {
  return membersAt(value, template).flatMap(({ tokens, value: map }) =>
    isJsonObject(map)
      ? Object.keys(map).flatMap((key) => {
          const text = isSecretName(key) ? map[key] : undefined
          return typeof text === 'string' && text !== '' ? [{ tokens: [...tokens, key], text }] : []
        })
      : [],
  )
}

/** The texts of fields that hold references to secrets, to be kept out of every message. */
export function sensitiveTexts(value: JsonValue, places: SecretPlaces): string[] {
  const texts: string[] = []
  for (const template of places.references) {
    for (const member of membersAt(value, template)) visitTexts(member.value, [], (text) => texts.push(text))
  }
  return texts
}

/** Issues in which no sensitive text appears, whatever a rule or a note put into its message. */
export function redactIssues(issues: readonly ConfigIssue[], texts: readonly string[]): readonly ConfigIssue[] {
  const hidden = texts.filter((text) => text.length > 0)
  if (hidden.length === 0) return issues
  const clean = (sentence: string): string =>
    hidden.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), sentence)
  return issues.map((issue) => ({
    ...issue,
    message: issue.message.startsWith(issue.path)
      ? `${issue.path}${clean(issue.message.slice(issue.path.length))}`
      : clean(issue.message),
    ...(issue.fix === undefined ? {} : { fix: clean(issue.fix) }),
  }))
}

/** Gets a text and the steps that lead to it; the steps are good for the call only. */
type SeeText = (text: string, path: readonly PathToken[]) => void

// The value is guarded: it nests no deeper than the limits allow.
function visitTexts(value: JsonValue, path: PathToken[], see: SeeText): void {
  if (typeof value === 'string') see(value, path)
  if (typeof value !== 'object' || value === null) return
  const keys: readonly PathToken[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  for (const key of keys) {
    path.push(key)
    visitTexts(Reflect.get(value, key) as JsonValue, path, see)
    path.pop()
  }
}
