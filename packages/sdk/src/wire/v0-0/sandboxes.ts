import { Code, ConnectError } from '@connectrpc/connect'
import type { Sandbox } from '@openshell-ts/protocol/v0-0'
import type { SandboxInfo } from '../../sandbox-info.js'
import type { CreateRequest, DeleteReply, ListPage, ListRequest, SandboxAddress, WireCall } from '../wire-codec.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toSandboxInfo } from './sandbox-info.js'
import { toSandboxSpec } from './sandbox-spec.js'

export async function createSandbox(
  client: OpenShellServiceClient,
  { workspace, spec, driverConfig }: CreateRequest,
  call: WireCall,
): Promise<SandboxInfo> {
  const { name = '', labels = {}, annotations = {} } = spec
  const request = { workspace, name, labels, annotations, spec: toSandboxSpec(spec, driverConfig) }
  const { sandbox } = await client.createSandbox(request, toCallOptions(call))
  return requireSandbox(sandbox)
}

export async function getSandbox(
  client: OpenShellServiceClient,
  workspace: string,
  name: string,
  call: WireCall,
): Promise<SandboxInfo> {
  const { sandbox } = await client.getSandbox({ workspace, name }, toCallOptions(call))
  return requireSandbox(sandbox)
}

/** Pages by offset; the token is the next offset. A page that is not full is the last. */
export async function listSandboxes(
  client: OpenShellServiceClient,
  { workspace, labelSelector, pageSize, pageToken }: ListRequest,
  call: WireCall,
): Promise<ListPage> {
  const offset = Number(pageToken)
  const request = { workspace, labelSelector, limit: pageSize, offset }
  const { sandboxes } = await client.listSandboxes(request, toCallOptions(call))
  const nextPageToken = sandboxes.length < pageSize ? '' : String(offset + sandboxes.length)
  return { items: sandboxes.map(toSandboxInfo), nextPageToken }
}

export async function startSandbox(
  client: OpenShellServiceClient,
  { workspace, name }: SandboxAddress,
  call: WireCall,
): Promise<SandboxInfo> {
  const { sandbox } = await client.startSandbox({ workspace, name }, toCallOptions(call))
  return requireSandbox(sandbox)
}

export async function stopSandbox(
  client: OpenShellServiceClient,
  { workspace, name }: SandboxAddress,
  call: WireCall,
): Promise<SandboxInfo> {
  const { sandbox } = await client.stopSandbox({ workspace, name }, toCallOptions(call))
  return requireSandbox(sandbox)
}

/** `deleted: false` means that the driver had nothing, and that the record is gone at once. */
export async function deleteSandbox(
  client: OpenShellServiceClient,
  { workspace, name }: SandboxAddress,
  call: WireCall,
): Promise<DeleteReply> {
  const { deleted } = await client.deleteSandbox({ workspace, name }, toCallOptions(call))
  return { outcome: deleted ? 'accepted' : 'completed' }
}

function requireSandbox(sandbox: Sandbox | undefined): SandboxInfo {
  if (!sandbox) throw new ConnectError('The reply holds no sandbox.', Code.Internal)
  return toSandboxInfo(sandbox)
}
