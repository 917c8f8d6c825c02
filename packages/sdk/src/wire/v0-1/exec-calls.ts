import { durationFromMs } from '@bufbuild/protobuf/wkt'
import { ExecSandboxEventSchema } from '@openshell-ts/protocol/v0-1'
import type { ExecCalls, ExecRequest } from '../exec-calls.js'
import { withOutput } from '../exec-output.js'
import { toExecEvents, toInputMessages } from '../exec-payloads.js'
import type { SandboxAddress } from '../sandbox-address.js'
import type { WireCall } from '../wire-call.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { workspaceScope } from './workspace-scope.js'

export function execCalls(client: OpenShellServiceClient): ExecCalls {
  return {
    features: { inputEnds: true, loginShellIsOptional: true },
    run(address, request, call, output) {
      const start = { ...toStart(address, request, call), stdin: request.stdin }
      const options = withOutput(toCallOptions(call), ExecSandboxEventSchema.field, output)
      return toExecEvents(client.execSandbox(start, options))
    },
    interact(address, request, inputs, call) {
      const { cols, rows } = request
      const start = { ...toStart(address, request, call), cols, rows }
      return toExecEvents(client.execSandboxInteractive(toInputMessages(start, inputs), toCallOptions(call)))
    },
  }
}

function toStart(
  { workspace, name }: SandboxAddress,
  { command, cwd, environment, timeoutMs, tty, loginShell }: Omit<ExecRequest, 'stdin'>,
  { requestId = '' }: WireCall,
) {
  return {
    workspaceScope: workspaceScope(workspace),
    sandbox: name,
    command: [...command],
    workdir: cwd,
    environment,
    ...(timeoutMs > 0 ? { executionTimeout: durationFromMs(timeoutMs) } : {}),
    tty,
    noLoginShell: !loginShell,
    requestId,
  }
}
