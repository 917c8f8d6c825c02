import { ExecSandboxEventSchema } from '@openshell-ts/protocol/v0-0'
import type { ExecCalls, ExecRequest } from '../exec-calls.js'
import { withOutput } from '../exec-output.js'
import { toExecEvents, toInputMessages } from '../exec-payloads.js'
import type { SandboxAddress } from '../sandbox-address.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

export function execCalls(client: OpenShellServiceClient): ExecCalls {
  return {
    // The end of the inputs closes the command's channel here, and its exit is lost with it.
    features: { inputEnds: false, loginShellIsOptional: false },
    run(address, request, call, output) {
      const start = { ...toStart(address, request), stdin: request.stdin }
      const options = withOutput(toCallOptions(call), ExecSandboxEventSchema.field, output)
      return toExecEvents(client.execSandbox(start, options))
    },
    interact(address, request, inputs, call) {
      const { cols, rows } = request
      const start = { ...toStart(address, request), cols, rows }
      return toExecEvents(client.execSandboxInteractive(toInputMessages(start, inputs), toCallOptions(call)))
    },
  }
}

// Commands go to the sandbox's id. The line counts the limit in whole seconds, rounded up here.
function toStart({ id }: SandboxAddress, { command, cwd, environment, timeoutMs, tty }: Omit<ExecRequest, 'stdin'>) {
  return {
    sandboxId: id,
    command: [...command],
    workdir: cwd,
    environment,
    timeoutSeconds: Math.ceil(timeoutMs / 1000),
    tty,
  }
}
