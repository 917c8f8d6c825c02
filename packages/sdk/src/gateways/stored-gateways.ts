import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { suggestNames } from '@openshell-ts/driver-config/envelope'
import { OpenShellError } from '../errors/openshell-error.js'
import type { Endpoint } from '../transport/endpoint.js'
import { readConfigFile } from './config-file.js'
import type { ConfigRoots } from './config-roots.js'
import { discoveryError } from './discovery-error.js'
import { type GatewayMetadata, parseGatewayMetadata } from './gateway-metadata.js'
import { isGatewayName } from './gateway-name.js'

/** A gateway that the command line tool knows. */
export interface StoredGateway {
  readonly name: string
  readonly metadata: GatewayMetadata
}

/** The gateway of a name. The user's own hides the machine's of the same name, even when it cannot be read. */
export async function findGateway({ user, system }: ConfigRoots, name: string): Promise<StoredGateway | undefined> {
  for (const root of [user, system]) {
    const path = metadataPath(root, name)
    const file = await readConfigFile(path)
    if (file) return { name, metadata: parseGatewayMetadata(file.text, path) }
  }
  return undefined
}

/** The gateway of a name that must exist. */
export async function getGateway(roots: ConfigRoots, name: string, source: string): Promise<StoredGateway> {
  if (!isGatewayName(name)) {
    throw new OpenShellError({
      kind: 'configuration',
      message: `${source} is no name of a gateway: a name is one component of a path.`,
      hint: name.includes('://')
        ? 'For an address, use OpenShellClient.connect({ endpoint }) in place of a name.'
        : 'Run: openshell gateway list',
    })
  }
  const gateway = await findGateway(roots, name)
  if (gateway) return gateway
  const known = await listNames(roots)
  const [nearest] = suggestNames(name, known)
  const advice = nearest === undefined ? 'Run: openshell gateway list' : `Did you mean "${nearest}"?`
  const others = `neither does ${metadataPath(roots.system, name)}`
  throw discoveryError({ path: metadataPath(roots.user, name), problem: `does not exist, ${others}`, hint: advice })
}

/** The name that is selected: by the user, else for the machine. What is no name of a gateway is passed over. */
export async function findActiveName({ user, system }: ConfigRoots): Promise<string | undefined> {
  for (const root of [user, system]) {
    const name = (await readConfigFile(join(root, 'active_gateway')))?.text.trim()
    if (name !== undefined && isGatewayName(name)) return name
  }
  return undefined
}

/** The gateway at an endpoint: the selected one when it is there, else the first by name. What cannot be read is passed over. */
export async function findGatewayAt(roots: ConfigRoots, { address }: Endpoint): Promise<StoredGateway | undefined> {
  const active = await findActiveName(roots)
  const names = await listNames(roots)
  for (const name of active === undefined ? names : [active, ...names]) {
    const gateway = await findGateway(roots, name).catch(passOver)
    if (gateway?.metadata.endpoint.address === address) return gateway
  }
  return undefined
}

async function listNames({ user, system }: ConfigRoots): Promise<string[]> {
  const lists = await Promise.all([user, system].map((root) => readdir(join(root, 'gateways')).catch(() => [])))
  return [...new Set(lists.flat())].filter(isGatewayName).sort()
}

function metadataPath(root: string, name: string): string {
  return join(root, 'gateways', name, 'metadata.json')
}

function passOver(error: unknown): undefined {
  if (error instanceof OpenShellError) return undefined
  throw error
}
