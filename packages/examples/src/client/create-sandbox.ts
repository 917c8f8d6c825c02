import { type Sandbox, type SandboxCreateSpec, type SandboxProgress, WaitFailedError } from '@openshell-ts/sdk'
import { describeProgress } from '../describe-progress.js'
import type { StepResult } from './step-runner.js'
import type { Story } from './story.js'
import type { StepOutput } from './story-output.js'

/** Without a sign of life from gateway or driver. */
const IDLE_TIMEOUT_MS = 30_000

/** Creates a sandbox and waits until commands can run in it. */
export async function createSandbox(
  { client, signal }: Story,
  spec: SandboxCreateSpec,
  output: StepOutput,
): Promise<StepResult<Sandbox>> {
  // Not cut off by Ctrl-C: a creation that is cut off half-way leaves a record behind that holds the name.
  const sandbox = await client.sandboxes.create(spec, { waitReady: false, keep: true })
  const progress: string[] = []
  const tell = (report: SandboxProgress) => {
    const line = describeProgress(report)
    if (line === progress.at(-1)) return
    progress.push(line)
    output.say(line)
  }
  try {
    await sandbox.waitReady({ idleTimeoutMs: IDLE_TIMEOUT_MS, signal, onProgress: tell })
  } catch (error) {
    // A wait outlives short outages. Whether the gateway is gone for good, only a question tells.
    if (error instanceof WaitFailedError && error.kind === 'timeout') await client.health({ signal })
    throw error
  }
  return { facts: { name: sandbox.name, id: sandbox.id, progress }, result: sandbox }
}
