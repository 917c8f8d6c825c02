import type { DriverConfig } from '../define/driver-config.js'
import {
  type ConfigCounterexample,
  type FindCounterexamplesOptions,
  findCounterexamples,
} from './find-counterexamples.js'

/** Options of `testDriverConfig`. */
export interface TestDriverConfigOptions extends FindCounterexamplesOptions {
  /** The `test` function of the runner: vitest's, `node:test`'s, or any other of this form. */
  readonly test: (name: string, run: () => void) => unknown
}

/**
 * Registers tests that search for documents which break what a config promises. A failure shows the seed, the shrunk document
 * and a line that shows it again.
 */
export function testDriverConfig(config: DriverConfig<unknown>, { test, ...options }: TestDriverConfigOptions): void {
  test(`config of ${config.driverName} keeps its promises`, () => {
    const found = findCounterexamples(config, options)
    if (found.length === 0) return
    throw new Error(`${found.map(describe).join('\n\n')}\n\nseed ${options.seed ?? 1}`)
  })
}

function describe({ property, version, problem, reproduction }: ConfigCounterexample): string {
  return `${property} (schema_version ${version}):\n  ${problem}\n  ${reproduction}`
}
