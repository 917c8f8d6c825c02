import { type Comparison, slowerAtMost, type Timing } from '../comparison.js'
import { runChild } from '../run-child.js'
import { summarizeSamples } from '../summarize-samples.js'

const runs = 25

/** What it costs a process to import the built client, against the libraries that it cannot do without. */
export async function importCost(): Promise<Comparison> {
  const samples: [number[], number[]] = [[], []]
  for (let run = 0; run < runs; run += 1) {
    samples[0].push(timeImport(['@openshell-ts/sdk']))
    samples[1].push(timeImport(['@connectrpc/connect', '@connectrpc/connect-node']))
  }
  const own = summarizeSamples('import of the client', samples[0])
  const libraries: Timing = summarizeSamples('import of connect and connect-node', samples[1])
  return { title: 'import', timings: [own, libraries], verdicts: [slowerAtMost(own, libraries, 1.15)] }
}

function timeImport(names: readonly string[]): number {
  const imports = names.map((name) => `await import('${name}')`).join('\n')
  return runChild(`const start = performance.now()\n${imports}\nconsole.log(performance.now() - start)`)
}
