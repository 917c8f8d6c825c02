import type { Sandbox } from '@openshell-ts/sdk'
import { CONFIG_FILE_VARIABLE } from '../local-process/launch-sandbox.js'
import { localProcessConfig } from '../local-process/local-process-config.js'
import type { StepResult } from './step-runner.js'
import type { Story } from './story.js'
import type { StepOutput } from './story-output.js'

/** Shows the block as the driver's handler got it. The driver local-process leaves it in a file for that. */
export async function showReceivedConfig(
  { signal }: Story,
  sandbox: Sandbox,
  output: StepOutput,
): Promise<StepResult<void>> {
  const { exitCode, stdoutText } = await sandbox.commands.run(['sh', '-c', `cat "$${CONFIG_FILE_VARIABLE}"`], {
    signal,
  })
  if (exitCode !== 0) {
    output.say('this driver does not show it')
    return { facts: { received: null }, result: undefined }
  }
  output.say(`schema_version ${localProcessConfig.versions.max}, migrated and with defaults filled in:`)
  output.quote(stdoutText)
  return { facts: { received: JSON.parse(stdoutText) }, result: undefined }
}
