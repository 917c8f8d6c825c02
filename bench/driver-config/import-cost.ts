import { below, type Comparison, type Timing } from '../comparison.js'
import { runChild } from '../run-child.js'
import { summarizeSamples } from '../summarize-samples.js'

const runs = 15

/** What it costs a process to import the built package, in processes of their own. */
export async function importCost(): Promise<Comparison> {
  const driverConfig = timeImport('@openshell-ts/driver-config', 'typebox')
  const envelope = timeImport('@openshell-ts/driver-config/envelope')
  const typeBox = timeImport('typebox')
  return {
    title: 'import',
    timings: [driverConfig, envelope, typeBox],
    verdicts: [below(driverConfig, 'medianMs', 60), below(envelope, 'medianMs', 20)],
  }
}

function timeImport(name: string, before?: string): Timing {
  const source = `
    ${before === undefined ? '' : `await import('${before}')`}
    const start = performance.now()
    await import('${name}')
    console.log(performance.now() - start)
  `
  const title = before === undefined ? name : `${name} after ${before}`
  return summarizeSamples(
    title,
    Array.from({ length: runs }, () => runChild(source)),
  )
}
