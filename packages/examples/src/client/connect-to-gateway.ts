import { OpenShellClient, OpenShellError } from '@openshell-ts/sdk'
import type { StepResult } from './step-runner.js'
import type { StoryOptions } from './story-options.js'
import type { StepOutput } from './story-output.js'

/** A client, and the driver that its gateway uses. */
export interface GatewayConnection extends AsyncDisposable {
  readonly client: OpenShellClient
  /** `undefined` when neither the options nor the gateway name it. */
  readonly activeDriver: string | undefined
}

/** Connects, and finds out which driver's block the gateway will pass on. */
export async function connectToGateway(
  { gateway, wireLine, activeDriver, workspace }: StoryOptions,
  output: StepOutput,
  signal: AbortSignal,
): Promise<StepResult<GatewayConnection>> {
  const client = await OpenShellClient.connect({
    endpoint: gateway,
    ...(wireLine === undefined ? {} : { wireLine }),
    ...(activeDriver === undefined ? {} : { activeDriver }),
    ...(workspace === undefined ? {} : { workspace }),
    signal,
  })
  const { version } = await client.health({ signal })
  const driver = activeDriver ?? (await askForDriver(client, signal))
  output.say(`version ${version}, driver ${driver ?? 'unknown: pass --active-driver NAME'}`)
  return {
    facts: { version, activeDriver: driver ?? null },
    result: { client, activeDriver: driver, [Symbol.asyncDispose]: () => client.close() },
  }
}

/** Only platform administrators may ask; for others the driver stays unknown. */
async function askForDriver(client: OpenShellClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await client.gatewayInfo({ signal })).computeDrivers[0]?.name
  } catch (error) {
    if (error instanceof OpenShellError && error.kind === 'permission-denied') return undefined
    throw error
  }
}
