/** Why a directory could not be locked. The message says where and what; what to change is for the caller to add. */
export class DirectoryLockError extends Error {
  override readonly name = 'DirectoryLockError'
  /** `held` when somebody else uses the directory, `unusable` when no lock can be kept in it. */
  readonly code: 'held' | 'unusable'

  constructor(code: 'held' | 'unusable', message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
