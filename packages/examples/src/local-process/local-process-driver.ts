import { type Driver, defineDriver } from '@openshell-ts/driver-kit'
import { followLostSandboxes } from './follow-lost-sandboxes.js'
import { launchSandbox } from './launch-sandbox.js'
import { type LocalProcessConfig, localProcessConfig } from './local-process-config.js'
import { localProcessSettings } from './local-process-settings.js'
import { observeSandbox } from './observe-sandbox.js'
import { refuseUnsupported } from './refuse-unsupported.js'
import { stopSandbox } from './stop-sandbox.js'

// What clients see as the image of a sandbox for which they name none.
const HOST_IMAGE = 'host'

/**
 * The driver `local-process`: a sandbox is a process tree with a directory of its own. It isolates nothing; it is there to
 * be read and copied, and to try clients and gateways on a machine without a container engine.
 */
export const localProcessDriver: Driver<LocalProcessConfig, typeof localProcessSettings> = defineDriver({
  name: 'local-process',
  version: '1.1.0',
  config: localProcessConfig,
  // The processes end with their host, so a gateway starts them again when it comes back.
  capabilities: { defaultImage: HOST_IMAGE, gatewayManagesLifecycle: true },
  settings: localProcessSettings,

  validate: (sandbox, { config }) => refuseUnsupported(sandbox, config),
  async create(sandbox, launch) {
    if (sandbox.image !== HOST_IMAGE) {
      launch.warn('ImageIgnored', 'A local-process sandbox runs on its host: the image of the template has no effect.')
    }
    await launchSandbox(sandbox, launch)
  },
  start: launchSandbox,
  stop: stopSandbox,
  delete: stopSandbox,
  async list({ sandboxes }) {
    return sandboxes.map(({ id, directory }) => ({ id, state: observeSandbox(directory) }))
  },
  watch: followLostSandboxes,
})
