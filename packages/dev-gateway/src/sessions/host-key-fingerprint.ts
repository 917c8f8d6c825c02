import type { GatewayStore } from '../store/gateway-store.js'
import { keepLaunch } from '../store/keep-launch.js'

/** Keeps the fingerprint of the host key that a sandbox's supervisor has shown. */
export function keepHostKeyFingerprint({ sandboxes }: GatewayStore, sandboxId: string, fingerprint: string): void {
  if (sandboxes.get(sandboxId)?.launch?.hostKeyFingerprint === fingerprint) return
  keepLaunch(sandboxes, sandboxId, { hostKeyFingerprint: fingerprint })
}
