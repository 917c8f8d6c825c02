import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulatedDriver, startDevGateway, type WireLine } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { answerQuestions } from '../answer-questions.js'

/** A gateway of the line of its argument, whose sandboxes are supervisors in this process: commands run in them. */
const line = process.argv[2] as WireLine
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const driver = createSimulatedDriver({
  startSandbox: ({ endpoint, sandboxId, token }) =>
    supervise({
      endpoint,
      sandboxId,
      token: { token },
      mainProcess: { command: ['sleep', 'infinity'], tty: false },
      workdir: folder,
    }),
})
const gateway = await startDevGateway({ line, drivers: [driver] })
process.once('SIGTERM', () => {
  void gateway.close().then(() => {
    rmSync(folder, { recursive: true, force: true })
    process.exit()
  })
})
answerQuestions({ port: gateway.port })
