import type { CommandEvent } from '../../commands/command-event.js'
import type { ExecRequest, SandboxAddress, WireCall } from '../wire-codec.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

/** Runs a command by the sandbox's id. The line counts the limit in whole seconds, rounded up here. */
export async function* exec(
  client: OpenShellServiceClient,
  address: SandboxAddress,
  { command, cwd, environment, stdin, timeoutMs }: ExecRequest,
  call: WireCall,
): AsyncGenerator<CommandEvent> {
  const request = {
    sandboxId: address.id,
    command: [...command],
    workdir: cwd,
    environment,
    stdin,
    timeoutSeconds: Math.ceil(timeoutMs / 1000),
  }
  for await (const { payload } of client.execSandbox(request, toCallOptions(call))) {
    switch (payload.case) {
      case 'stdout':
        yield { type: 'stdout', data: payload.value.data }
        break
      case 'stderr':
        yield { type: 'stderr', data: payload.value.data }
        break
      case 'exit':
        yield { type: 'exit', exitCode: payload.value.exitCode, outputComplete: true }
        break
    }
  }
}
