import { type Comparison, slowerAtMost, type Timing } from '../comparison.js'
import { runChild } from '../run-child.js'
import { summarizeSamples } from '../summarize-samples.js'

const runs = 25

/** What it costs a process to import the built client, and to connect with it, against the libraries that it stands for. */
export async function importCost(): Promise<readonly Comparison[]> {
  const samples: [number[], number[], number[]] = [[], [], []]
  for (let run = 0; run < runs; run += 1) {
    samples[0].push(timeImport(['@openshell-ts/sdk']))
    samples[1].push(timeImport(['@connectrpc/connect', '@connectrpc/connect-node']))
    samples[2].push(timeImport(['@openshell-ts/sdk'], CONNECT))
  }
  const own = summarizeSamples('import of the client', samples[0])
  const libraries: Timing = summarizeSamples('import of connect and connect-node', samples[1])
  const connected = summarizeSamples('import of the client, and a connect that nobody answers', samples[2])
  return [
    { title: 'import', timings: [own, libraries], verdicts: [slowerAtMost(own, libraries, 1.15)] },
    {
      title: 'import with what the first connect loads',
      timings: [connected, libraries],
      verdicts: [slowerAtMost(connected, libraries, 1.15)],
    },
  ]
}

// The discard port: refused at once where nothing listens.
const CONNECT = `
const { OpenShellClient } = await import('@openshell-ts/sdk')
await OpenShellClient.connect({ endpoint: 'http://127.0.0.1:9', retry: { maxAttempts: 1 } }).catch(() => undefined)`

function timeImport(names: readonly string[], then = ''): number {
  const imports = names.map((name) => `await import('${name}')`).join('\n')
  return runChild(`const start = performance.now()\n${imports}\n${then}\nconsole.log(performance.now() - start)`)
}
