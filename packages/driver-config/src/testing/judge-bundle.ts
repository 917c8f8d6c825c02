import { DefinitionError } from '../define/definition-error.js'
import type { JsonValue } from '../envelope/json-value.js'
import type { CheckResult } from '../issue/check-result.js'
import { loadPublishedConfig } from '../publish/load-published-config.js'
import { publishConfig } from '../publish/publish-config.js'
import type { PublishedConfig } from '../publish/published-config.js'
import { type Judge, type Subject, stampDocument } from './subject.js'

/**
 * Whoever loads the bundle of a config gets the driver's errors, at the driver's places, but for the rules that are code. A config
 * that no bundle can carry breaks the promise with every document.
 */
export function judgeBundle({ config }: Subject): Judge {
  let published: PublishedConfig | string | undefined
  return (document, version) => {
    published ??= load(config)
    if (typeof published === 'string') return published
    const block = JSON.parse(JSON.stringify(stampDocument(document, version.number))) as JsonValue
    const [expected, found] = [errorsOf(config.check(block), published), errorsOf(published.check(block), published)]
    if (expected === found) return undefined
    return `the driver says ${expected || 'nothing'}; whoever loads the bundle says ${found || 'nothing'}`
  }
}

function load(config: Subject['config']): PublishedConfig | string {
  try {
    return loadPublishedConfig(publishConfig(config).bundle.value)
  } catch (error) {
    if (error instanceof DefinitionError) return error.message
    throw error
  }
}

function errorsOf(result: CheckResult<unknown>, { driverOnly }: PublishedConfig): string {
  if (result.ok) return ''
  const rules = new Set(driverOnly.flatMap(({ kind, name }) => (kind === 'rule' ? [name] : [])))
  const told = result.issues.filter(({ rule }) => rule === undefined || !rules.has(rule))
  return told.map(({ code, path }) => `${code} at ${path}`).join(', ')
}
