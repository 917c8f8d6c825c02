import { emptyLaunch } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'

/** Keeps the fingerprint of the host key that a sandbox's supervisor has shown. */
export function keepHostKeyFingerprint({ sandboxes }: GatewayStore, sandboxId: string, fingerprint: string): void {
  const { launch = emptyLaunch } = sandboxes.get(sandboxId) ?? {}
  if (launch.hostKeyFingerprint === fingerprint) return
  sandboxes.update(sandboxId, { launch: { ...launch, hostKeyFingerprint: fingerprint } })
}
