import { nodeModule, readVariable } from './node-module.js'

/** What a test may do with its own run. */
export interface TestContext {
  /** Ends the test without a verdict. */
  skip(reason?: string): unknown
}

/** The `test` function of a runner: vitest's, `node:test`'s, or any other of this form. */
export type TestFunction = (name: string, run: (context: TestContext) => void | Promise<void>) => unknown

/**
 * The `test` function of the runner that runs this process: the global one, or that of `node --test`.
 *
 * @throws TypeError when there is none; tests that nobody runs would look as if they passed.
 */
export function findTestFunction(): TestFunction {
  const { test, it } = globalThis as { readonly test?: TestFunction; readonly it?: TestFunction }
  const shared = test ?? it
  if (typeof shared === 'function') return shared
  if (readVariable('NODE_TEST_CONTEXT') !== undefined) return nodeModule('node:test').test as TestFunction
  throw new TypeError(
    `testDriverConfig: no global "test" function. Give the runner's: testDriverConfig(config, { test }), with test from "vitest" or "node:test".`,
  )
}
