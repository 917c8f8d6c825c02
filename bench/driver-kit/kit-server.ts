import { setTimeout as pause } from 'node:timers/promises'
import { defineDriver, type SandboxState, serveDriver } from '@openshell-ts/driver-kit'
import { answerQuestions } from '../answer-questions.js'
import { validateImage } from './validate-image.js'

const [socketPath = '', stateDirectory = ''] = process.argv.slice(2)

let sandboxIds: () => readonly string[] = () => []
let report: (id: string, state: SandboxState) => void = () => undefined

/** A driver whose backend does nothing, so that what is measured is the kit. */
const driver = defineDriver({
  name: 'acme',
  version: '1.0.0',
  validate: ({ image }) => validateImage(image),
  async create() {},
  async start() {},
  async stop() {},
  async delete() {},
  async list({ sandboxes }) {
    return sandboxes.map(({ id }) => ({ id, state: { type: 'running' } }))
  },
  async watch(context) {
    sandboxIds = () => context.sandboxes().map(({ id }) => id)
    report = context.report
    await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }))
  },
})

/** Reports that many changes, evenly, and each a different one. Resolves with how long it took. */
async function change(changes: number, perSecond: number): Promise<number> {
  const ids = sandboxIds()
  const started = performance.now()
  for (let made = 0; made < changes; ) {
    const due = Math.min(changes, Math.ceil(((performance.now() - started) / 1_000) * perSecond))
    for (; made < due; made += 1) report(ids[made % ids.length] ?? '', { type: 'starting', detail: `change ${made}` })
    await pause(5)
  }
  return performance.now() - started
}

const server = await serveDriver(driver, { socketPath, stateDirectory })
process.once('SIGTERM', () => void server.close().then(() => process.exit()))
answerQuestions({ change })
