import { OpenShell } from '@openshell-ts/protocol/v0-1'
import { RequestIds } from '../../requests/request-ids.js'
import { type ServedService, serveService } from '../../server/grpc-listener.js'
import type { ApiContext } from '../api-context.js'
import { unimplementedHandlers } from '../unimplemented.js'
import { configHandlers } from './config.js'
import { configurationAdmissionHandlers } from './configuration-admission.js'
import { draftHandlers } from './drafts.js'
import { endpointStatusHandlers } from './endpoint-status.js'
import { execHandlers } from './exec.js'
import { forwardTcpHandlers } from './forward-tcp.js'
import { gatewayInfoHandlers } from './gateway-info.js'
import { policyHandlers } from './policies.js'
import { providerEnvironmentHandlers } from './provider-environment.js'
import { providerProfileHandlers } from './provider-profiles.js'
import { providerRefreshHandlers } from './provider-refresh.js'
import { providerStatusHandlers } from './provider-status.js'
import { providerHandlers } from './providers.js'
import { relayStreamHandlers } from './relay-stream.js'
import { sandboxConfigHandlers } from './sandbox-config.js'
import { sandboxLogHandlers } from './sandbox-logs.js'
import { sandboxProviderHandlers } from './sandbox-providers.js'
import { sandboxTemplateHandlers } from './sandbox-templates.js'
import { sandboxTokenHandlers } from './sandbox-tokens.js'
import { sandboxHandlers } from './sandboxes.js'
import { exposedServiceHandlers } from './services.js'
import { sshSessionHandlers } from './ssh-sessions.js'
import { supervisorHandlers } from './supervisor.js'
import { watchHandlers } from './watch.js'
import { withRequestIds } from './with-request-ids.js'
import { workspaceMemberHandlers } from './workspace-members.js'
import { workspaceHandlers } from './workspaces.js'

/** The API of wire line 0.1, for clients and for supervisors. */
export function laterOpenShellService(context: ApiContext): ServedService {
  const requestIds = new RequestIds(context.store.now, context.store.requests)
  const handlers = {
    ...gatewayInfoHandlers(context),
    ...sandboxHandlers(context),
    ...sandboxTemplateHandlers(context),
    ...workspaceHandlers(context),
    ...watchHandlers(context),
    ...execHandlers(context, requestIds),
    ...supervisorHandlers(context),
    ...relayStreamHandlers(context),
    ...sshSessionHandlers(context),
    ...forwardTcpHandlers(context),
    ...sandboxConfigHandlers(context),
    ...configHandlers(context),
    ...configurationAdmissionHandlers(context),
    ...policyHandlers(context),
    ...draftHandlers(context),
    ...sandboxTokenHandlers(context),
    ...sandboxLogHandlers(context),
    ...providerHandlers(context),
    ...providerProfileHandlers(context),
    ...providerRefreshHandlers(context),
    ...providerEnvironmentHandlers(context),
    ...providerStatusHandlers(context),
    ...endpointStatusHandlers(context),
    ...sandboxProviderHandlers(context),
    ...exposedServiceHandlers(context),
    ...workspaceMemberHandlers(context),
    ...unimplementedHandlers(OpenShell, '0.1'),
  }
  return serveService(OpenShell, withRequestIds(handlers, requestIds))
}
