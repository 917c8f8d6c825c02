import { below, type Comparison } from '../comparison.js'
import { runChild } from '../run-child.js'
import { summarizeSamples } from '../summarize-samples.js'

// A stack that ordinary recursion over the document exhausts: JSON.stringify gives up after some hundred levels.
const smallStack = ['--stack-size=100']

/** Nesting that no schema allows, on a small stack: refused by the guard, in a time that does not grow with the depth. */
export async function deepBlock(): Promise<Comparison> {
  const timings = [20, 20_000].map((levels) =>
    summarizeSamples(
      `safeParse of ${levels} levels`,
      Array.from({ length: 5 }, () => runChild(refuseNested(levels), smallStack)),
    ),
  )
  return {
    title: 'refuse deep nesting, in processes with a stack of 100 KB',
    timings,
    verdicts: timings.map((timing) => below(timing, 'medianMs', 10)),
  }
}

function refuseNested(levels: number): string {
  return `
    import { defineDriverConfig } from '@openshell-ts/driver-config'
    const config = defineDriverConfig('acme')
      .version(1, { type: 'object', properties: {} }, {
        examples: {
          minimal: {},
          full: {},
          invalid: [{ value: { a: 1 }, code: 'UNKNOWN_FIELD', path: 'driver_config.a' }],
        },
      })
      .build()
    let block = {}
    for (let level = 1; level < ${levels}; level += 1) block = { a: block }
    const start = performance.now()
    const result = config.safeParse(block)
    const took = performance.now() - start
    const codes = result.ok ? [] : result.issues.map((issue) => issue.code)
    if (!codes.includes('CONFIG_TOO_DEEP')) throw new Error('not refused for its depth: ' + codes)
    console.log(took)
  `
}
