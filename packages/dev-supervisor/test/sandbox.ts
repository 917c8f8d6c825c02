import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { type SuperviseOptions, type Supervisor, supervise } from '../src/index.js'
import { GatewayEnd } from './gateway-end.js'

/** For `expect.poll`: a busy machine may take its time. */
export const PATIENT = { timeout: 15_000 }

/** A token that no log line may hold. */
export const TOKEN = 'header.eyJleHAiOjB9.signature-never-to-be-logged'

/** A supervisor with a main process that waits, connected to a gateway end; all of it ends with the test. */
export interface TestSandbox extends AsyncDisposable {
  readonly gateway: GatewayEnd
  readonly supervisor: Supervisor
  readonly workdir: string
  /** All log lines so far, at level trace. */
  readonly log: () => string
  /** What the main process has printed so far. */
  readonly mainOutput: () => string
}

export async function startSandbox(
  options: Partial<SuperviseOptions> = {},
  gateway = new GatewayEnd(),
): Promise<TestSandbox> {
  const workdir = await mkdtemp(join(tmpdir(), 'sup-'))
  await gateway.listen()
  const log: string[] = []
  const mainOutput: string[] = []
  const supervisor = await supervise({
    endpoint: gateway.endpoint,
    sandboxId: 'sandbox-1',
    token: { token: TOKEN },
    mainProcess: { command: ['/bin/sh', '-c', 'exec sleep 1000'], tty: false },
    workdir,
    stdout: memory(mainOutput),
    stderr: memory(mainOutput),
    logger: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
    ...options,
  })
  return {
    gateway,
    supervisor,
    workdir,
    log: () => log.join(''),
    mainOutput: () => mainOutput.join(''),
    async [Symbol.asyncDispose]() {
      await supervisor.stop({ graceMs: 0 })
      await gateway.close()
      await rm(workdir, { recursive: true, force: true })
    },
  }
}

function memory(into: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, callback) {
      into.push(chunk.toString())
      callback()
    },
  })
}
