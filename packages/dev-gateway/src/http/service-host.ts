import type { ServiceReference } from '../services/services.js'

const domain = '.openshell.localhost'

/** Which service a URL's host means: `WORKSPACE--SANDBOX[--SERVICE].openshell.localhost`, with or without a port. */
export function parseServiceHost(host: string): (ServiceReference & { readonly workspace: string }) | undefined {
  const [name = ''] = host.split(':', 1)
  if (!name.endsWith(domain)) return undefined
  const parts = name.slice(0, -domain.length).split('--')
  const [workspace, sandbox, service = ''] = parts
  if (!workspace || !sandbox || parts.length > 3 || (parts.length === 3 && service === '')) return undefined
  return { workspace, sandbox, service }
}
