import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { SshSession } from './ssh-session.js'

/** Asks for a session. It is asked for again when that fails for a passing reason: a spare one expires by itself. */
export async function createSshSession(
  gateway: Gateway,
  address: SandboxAddress,
  signal: AbortSignal | undefined,
): Promise<SshSession> {
  const scope = { rpc: 'CreateSshSession', sandboxName: address.name, signal }
  const reply = await gateway.read(scope, (codec, call) => codec.ssh.create(address, call))
  return new SshSession(gateway, address, reply)
}
