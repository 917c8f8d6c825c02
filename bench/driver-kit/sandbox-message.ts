import type { MessageInitShape } from '@bufbuild/protobuf'
import type { DriverSandboxSchema } from '@openshell-ts/protocol/compute'

/** A sandbox as gateways create it: an id like theirs, a command, some variables and labels, and a token. */
export function sandboxMessage(
  index: number,
  { token = `token-${index}-${'x'.repeat(200)}` }: { token?: string } = {},
): MessageInitShape<typeof DriverSandboxSchema> {
  return {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name: `sandbox-${index}`,
    workspace: 'default',
    status: {},
    spec: {
      command: ['/bin/bash', '-l'],
      tty: true,
      environment: { LANG: 'C.UTF-8', PROJECT: 'acme', RUN: String(index) },
      sandboxToken: token,
      template: { image: 'acme/base:1', labels: { team: 'tools', purpose: 'benchmark' } },
    },
  }
}
