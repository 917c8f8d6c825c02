// What processes of one machine have to agree on to meet, or to keep out of each other's way.
export { acquireDirectoryLock, type DirectoryLock } from './directory-lock.js'
export { DirectoryLockError } from './directory-lock-error.js'
export { type MakeFolderOptions, makeFolder } from './make-folder.js'
export { socketPathLimit } from './socket-path-limit.js'
