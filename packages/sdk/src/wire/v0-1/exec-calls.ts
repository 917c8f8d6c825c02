import { durationFromMs } from '@bufbuild/protobuf/wkt'
import type { CommandEvent } from '../../commands/command-event.js'
import type { ExecCalls, ExecRequest } from '../exec-calls.js'
import { toCommandEvent } from '../exec-event.js'
import type { SandboxAddress } from '../sandbox-address.js'
import type { WireCall } from '../wire-call.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { workspaceScope } from './workspace-scope.js'

export function execCalls(client: OpenShellServiceClient): ExecCalls {
  return { run: (address, request, call) => run(client, address, request, call) }
}

async function* run(
  client: OpenShellServiceClient,
  { workspace, name }: SandboxAddress,
  { command, cwd, environment, stdin, timeoutMs }: ExecRequest,
  call: WireCall,
): AsyncGenerator<CommandEvent> {
  const request = {
    workspaceScope: workspaceScope(workspace),
    sandbox: name,
    command: [...command],
    workdir: cwd,
    environment,
    stdin,
    ...(timeoutMs > 0 ? { executionTimeout: durationFromMs(timeoutMs) } : {}),
    requestId: call.requestId ?? '',
  }
  for await (const { payload } of client.execSandbox(request, toCallOptions(call))) {
    const event = toCommandEvent(payload)
    if (event) yield event
  }
}
