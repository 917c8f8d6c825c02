import { replacedSandbox } from '../errors/replaced-sandbox.js'
import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { SshSession } from './ssh-session.js'

/**
 * Asks for a session. It is asked for again when that fails for a passing reason: a spare one expires by itself. Throws kind `not-found`
 * when another sandbox has the name.
 */
export async function createSshSession(
  gateway: Gateway,
  address: SandboxAddress,
  signal: AbortSignal | undefined,
): Promise<SshSession> {
  const scope = { rpc: 'CreateSshSession', sandboxName: address.name, signal }
  const { line, reply } = await gateway.read(scope, async (codec, call) => ({
    line: codec.line,
    reply: await codec.ssh.create(address, call),
  }))
  if (line === '0.0' || reply.sandboxId === address.id) return new SshSession(gateway, address, reply)
  // Line 0.1 goes by the name.
  const foreign = new SshSession(gateway, { ...address, id: reply.sandboxId }, reply)
  await foreign[Symbol.asyncDispose]().catch(() => undefined)
  throw replacedSandbox(address.name)
}
