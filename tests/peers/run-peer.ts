import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startGatedGateway } from './gated-gateway.js'
import type { PeerLine } from './peer-lines.js'
import { type PeerResult, type PeerScriptOptions, runPeerScript } from './peer-script.js'
import { failingBlock, startPeerWorld } from './peer-world.js'
import { installPythonClient, type PythonClient } from './python-client.js'
import { scenarioNames, splitScenarios } from './split-scenarios.js'

/** How a client fared, or why it could not be tried. */
export type PeerRun =
  | { readonly type: 'ran'; readonly results: readonly PeerResult[] }
  | { readonly type: 'skipped'; readonly reason: string }

/** What a run may be given. */
export type PeerRunOptions = Pick<PeerScriptOptions, 'filters' | 'onResult'>

// The client looks once a second whether something has happened, so most of a run is waiting.
const groupsAtOnce = 3

/**
 * Tries the official client of one line against gateways and drivers in real processes: the scenarios in a few groups at
 * once, each with a gateway of its own.
 */
export async function runPeer(peer: PeerLine, options: PeerRunOptions = {}): Promise<PeerRun> {
  const client = await installPythonClient(inScripts(peer.requirements))
  if (client.type === 'missing') return { type: 'skipped', reason: client.reason }
  const { filters = [] } = options
  const names = scenarioNames(readFileSync(inScripts(peer.script), 'utf8'))
  const wanted = names.filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
  const groups = splitScenarios(wanted, groupsAtOnce)
  await using gated = peer.gated ? await startGatedGateway(peer) : undefined
  const environment: Record<string, string> = gated ? { PEER_GATED_ENDPOINT: `127.0.0.1:${gated.port}` } : {}
  const results = await Promise.all(
    groups.map((group) => runGroup(peer, client, environment, { ...options, filters: group })),
  )
  return { type: 'ran', results: results.flat() }
}

async function runGroup(
  { gatewayArguments, driverArguments, script }: PeerLine,
  { python, binaries }: PythonClient & { readonly type: 'ready' },
  more: Readonly<Record<string, string>>,
  options: PeerRunOptions,
): Promise<readonly PeerResult[]> {
  await using world = await startPeerWorld({ gatewayArguments, driverArguments, binaries })
  const environment = {
    ...more,
    HOME: world.home,
    PEER_ENDPOINT: world.endpoint,
    PEER_CONFIG_ERROR: JSON.stringify(failingBlock),
  }
  return await runPeerScript({ python, script: inScripts(script), environment, ...options })
}

// From the sources and from the built program alike.
function inScripts(name: string): string {
  return fileURLToPath(new URL(`../peers/scripts/${name}`, import.meta.url))
}
