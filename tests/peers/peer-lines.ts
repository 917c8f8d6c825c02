import { readFileSync } from 'node:fs'

/** A wire line, and the official client that speaks it. */
export interface PeerLine {
  readonly line: '0.0' | '0.1'
  /** What people read: name and version on PyPI. */
  readonly client: string
  /** In `scripts`: drives a gateway with the client. */
  readonly script: string
  /** In `scripts`: the client and what it depends on. */
  readonly requirements: string
  /** What the gateway is started with to speak the line. */
  readonly gatewayArguments: readonly string[]
  /** What the driver is started with, beside its addresses, to take what the script sends. */
  readonly driverArguments: readonly string[]
  /** Whether an operator can refuse `driver_config` on this line; the script then gets a second gateway that does. */
  readonly gated: boolean
  /** Whether the gateway speaks the line; the client is tried only then. */
  readonly served: boolean
}

/** Every line that OpenShell has, and its client. */
export const peerLines: readonly PeerLine[] = JSON.parse(
  readFileSync(new URL('../peers/peer-lines.json', import.meta.url), 'utf8'),
)
