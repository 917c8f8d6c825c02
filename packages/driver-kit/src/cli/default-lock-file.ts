/** Where the releases of a config are recorded unless said otherwise, in the folder of the call. */
export const defaultLockFile = 'driver-config.lock.json'
