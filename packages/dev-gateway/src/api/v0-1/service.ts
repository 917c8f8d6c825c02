import { OpenShell } from '@openshell-ts/protocol/v0-1'
import { type ServedService, serveService } from '../../server/grpc-listener.js'
import type { ApiContext } from '../api-context.js'
import { unimplementedHandlers } from '../unimplemented.js'
import { gatewayInfoHandlers } from './gateway-info.js'
import { sandboxHandlers } from './sandboxes.js'
import { watchHandlers } from './watch.js'
import { workspaceHandlers } from './workspaces.js'

/** The API of wire line 0.1, for clients and for supervisors. */
export function laterOpenShellService(context: ApiContext): ServedService {
  return serveService(OpenShell, {
    ...gatewayInfoHandlers(context),
    ...sandboxHandlers(context),
    ...workspaceHandlers(context),
    ...watchHandlers(context),
    ...unimplementedHandlers(OpenShell, '0.1'),
  })
}
