import type { CommandEvent } from '../../commands/command-event.js'
import type { ExecCalls, ExecRequest } from '../exec-calls.js'
import type { SandboxAddress } from '../sandbox-address.js'
import type { WireCall } from '../wire-call.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

export function execCalls(client: OpenShellServiceClient): ExecCalls {
  return { run: (address, request, call) => run(client, address, request, call) }
}

// Commands go to the sandbox's id. The line counts the limit in whole seconds, rounded up here.
async function* run(
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
