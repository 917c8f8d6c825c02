import { describe, expect, test } from 'vitest'
import { plainConfig } from '../../test/sample-config.js'
import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import type { DriverConfig } from '../define/driver-config.js'
import { lineageOf } from '../define/lineage-of.js'
import type { JsonObject } from '../envelope/json-value.js'
import type { CheckResult, ConfigIssues } from '../issue/check-result.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { toErrorReport } from '../report/error-report.js'
import { judgeDefaults, judgeInput, judgeVerdict } from './judge-check.js'
import { judgeBudget, judgeIssues, judgeSecrecy } from './judge-report.js'
import { plantedText } from './plant-text.js'
import type { Subject } from './subject.js'

const current = currentVersion()
const { version } = current
const config = plainConfig as unknown as DriverConfig<JsonObject>

function currentVersion(): { lineage: ConfigLineage; version: ConfigVersion } {
  const lineage = lineageOf(plainConfig)
  if (lineage === undefined) throw new Error('the sample has a lineage')
  return { lineage, version: lineage.current }
}

// What this package promises cannot be broken by a declaration, so that broken copies of it stand in.
function broken(methods: Partial<DriverConfig<JsonObject>>): Subject {
  return { config: { ...config, ...methods }, lineage: current.lineage }
}

function changed(change: Partial<ConfigIssue>): Subject {
  const check = (block: unknown): CheckResult<JsonObject> => {
    const result = config.check(block)
    if (result.ok) return result
    return { ...result, issues: result.issues.map((issue) => ({ ...issue, ...change })) as unknown as ConfigIssues }
  }
  return broken({ check })
}

describe('a copy of the checks that', () => {
  test('writes into the document is found', () => {
    const check = (block: unknown): CheckResult<JsonObject> => {
      Reflect.set(block as object, 'count', 10)
      return config.check(block)
    }
    expect(judgeInput(broken({}))({ count: 5 }, version)).toBeUndefined()
    expect(judgeInput(broken({ check }))({ count: 5 }, version)).toBe('the document was changed')
  })

  test('throws for a document is found, and its text is not shown', () => {
    const safeParse = (): never => {
      throw new TypeError('hunter2')
    }
    expect(judgeVerdict(broken({}))([], version)).toBeUndefined()
    expect(judgeVerdict(broken({ safeParse }))([], version)).toMatch(/^threw TypeError;/)
  })

  test('fills in another default the second time, or replaces what is written, is found', () => {
    const refill = (block: unknown): CheckResult<JsonObject> => {
      const result = config.check(block)
      return result.ok ? { ...result, value: { ...result.value, count: Number(result.value['count']) + 5 } } : result
    }
    const replace = (block: unknown): CheckResult<JsonObject> => {
      const result = config.check(block)
      return result.ok ? { ...result, value: { ...result.value, count: 0 } } : result
    }
    expect(judgeDefaults(broken({}))({ count: 5 }, version)).toBeUndefined()
    expect(judgeDefaults(broken({ check: refill }))({}, version)).toBe(
      'expected {"count":10,"mounts":[]}, got {"count":15,"mounts":[]}',
    )
    expect(judgeDefaults(broken({ check: replace }))({ count: 5 }, version)).toBe(
      'expected {"count":5}, got {"count":0}',
    )
  })

  test.each<[string, Partial<ConfigIssue>, RegExp]>([
    ['an unknown code', { code: 'NOVEL' as never }, /has a code that nobody knows/],
    ['no fix', { fix: '' }, /has no fix/],
    ['no message', { message: '' }, /has no message/],
    ['another root', { path: 'config.count' }, /does not start with driver_config/],
    ['a pointer to nothing', { pointer: '/nested/deep/level' }, /is not in the document, nor is its parent/],
  ])('reports an issue with %s is found', (_what, change, problem) => {
    const document = { count: 'x' }
    expect(judgeIssues(changed({}))(document, version)).toBeUndefined()
    expect(judgeIssues(changed(change))(document, version)).toMatch(problem)
  })

  test('repeats a planted text in an issue, a warning or an error is found', () => {
    const document = { name: plantedText, count: 'x' }
    expect(judgeSecrecy(changed({}))(document, version)).toBeUndefined()
    expect(judgeSecrecy(changed({ received: plantedText }))(document, version)).toBe(
      'an issue of check shows the planted text; a text names the place, never the value',
    )
  })

  test('reports more than arrives is found', () => {
    const document = { count: 'x' }
    const endless: typeof toErrorReport = (...given) => ({ ...toErrorReport(...given), message: 'x'.repeat(9_000) })
    expect(judgeBudget(broken({}))(document, version)).toBeUndefined()
    expect(judgeBudget(broken({}), endless)(document, version)).toMatch(/^the report takes \d+ bytes; at most 7700/)
  })
})
