import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSimulatedDriver, startDevGateway, type WireLine } from '@openshell-ts/dev-gateway'
import { answerQuestions } from './answer-questions.js'

/** A gateway of the line of its argument. Each of its sandboxes is a supervisor in a process of its own: commands run in them. */
const line = process.argv[2] as WireLine
const supervisor = fileURLToPath(
  new URL('bin/openshell-dev-supervisor.js', import.meta.resolve('@openshell-ts/dev-supervisor/package.json')),
)
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const driver = createSimulatedDriver({
  startSandbox({ endpoint, sandboxId, token }) {
    const child = spawn(process.execPath, [supervisor], {
      cwd: folder,
      // What it logs about gateways that go away is not what is measured.
      stdio: 'ignore',
      // Without a home of its own: nobody's profile is read.
      env: {
        HOME: tmpdir(),
        PATH: process.env['PATH'],
        OPENSHELL_ENDPOINT: endpoint,
        OPENSHELL_SANDBOX_ID: sandboxId,
        OPENSHELL_SANDBOX_TOKEN: token,
        OPENSHELL_MAIN_PROCESS_SPEC: JSON.stringify({ version: 1, command: ['sleep', 'infinity'], tty: false }),
      },
    })
    return {
      async [Symbol.asyncDispose]() {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      },
    }
  },
})
const gateway = await startDevGateway({ line, drivers: [driver] })
process.once('SIGTERM', () => {
  void gateway.close().then(() => {
    rmSync(folder, { recursive: true, force: true })
    process.exit()
  })
})
answerQuestions({ port: gateway.port })
